# More requests to translate, beyond the 17,847: user turns of SGD, SNIPS and unlabelled utterances, those most like them.

MORE_DATA ?= $(DATASEL_DATA)/../nlu
MORE := 30000
POOL := banking77 clinc-oos nlu-eval slurp-lm

work/more/pool.jsonl: work/.made
	@mkdir -p $(@D)
	{ tail -n +2 $(MORE_DATA)/sgd/user_turns.tsv | cut -f4; cat $(POOL:%=$(MORE_DATA)/pool/%.txt); \
	    for intent in $(MORE_DATA)/snips/train_*_full.json; do \
	        iconv -c -f utf-8 -t utf-8 $$intent | jq -r '.[][].data | map(.text) | add'; done; } \
	    | normalize-text --text --lang en --lower --strip-punctuation | dedup \
	    | dedup --only-against --against work/english.jsonl --against-text work/measured.txt -o $@

# relevant is what looks like the requests, and not like everything that there is
work/more.jsonl: work/more/pool.jsonl
	ngram-fit --signature --positive work/english.jsonl --negative $< --negative-ratio 5 -o work/more/relevant.model
	ngram-score --model work/more/relevant.model $< | select-topk --signature --by ngram_score -k $(MORE) -o $@

# five best, not aligned
work/nbest/%.more.jsonl: work/more.jsonl work/mt/%/datasel.json
	@mkdir -p $(@D)
	translate-nbest --signature --model $(dir $(lastword $^)) -n 5 -j 2 $< -o $@

# those of the requests with the names put back, as they are spelled or sound
work/nbest/bt-%.restored.jsonl: work/nbest/bt-%.5.jsonl work/%/names.tsv
	$(RESTORE) --signature -v $< -o $@
