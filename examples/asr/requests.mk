# Lists of translations; more requests to translate, beyond the 18,619: user turns of SGD, SNIPS and unlabelled utterances,

MORE_DATA ?= $(wildcard $(DATASEL_DATA)/../nlu)
MORE := 60000

work/more/pool.jsonl: work/.made
	@mkdir -p $(@D)
	{ tail -n +2 $(MORE_DATA)/sgd/user_turns.tsv | cut -f4; cat $(MORE_DATA)/pool/*.txt; \
	    for intent in $(MORE_DATA)/snips/train_*_full.json; do \
	        iconv -c -f utf-8 -t utf-8 $$intent | jq -r '.[][].data | map(.text) | add'; done; } \
	    | normalize-text --text --lang en --lower --strip-punctuation | dedup \
	    | dedup --only-against --against work/english.jsonl --against-text work/measured.txt -o $@

# relevant is what looks like the requests, and not like everything that there is
work/more.jsonl: work/more/pool.jsonl
	ngram-fit --signature --positive work/english.jsonl --negative $< --negative-ratio 5 -o work/more/relevant.model
	ngram-score --model work/more/relevant.model $< | select-topk --signature --by ngram_score -k $(MORE) -o $@

# five best of all requests
work/lists/%.jsonl: work/english.jsonl work/mt/%/datasel.json
	@mkdir -p $(@D)
	translate-nbest --signature --model $(dir $(lastword $^)) -n 5 -j 2 $< -o $@

work/lists/%.more.jsonl: work/more.jsonl work/mt/%/datasel.json
	@mkdir -p $(@D)
	translate-nbest --signature --model $(dir $(lastword $^)) -n 5 -j 2 $< -o $@

# with the names of the requests put back, as they are spelled or sound
work/lists/bt-%.restored.jsonl: work/lists/bt-%.jsonl work/general.align work/%/names.tsv
	align-words --model work/general.align -j 2 $< | entity-restore --signature -v --only $(NAMES) --spelled \
	    --spellings $(lastword $^) --keep-words hindi-particles.txt --report work/lists/bt-$*.report.jsonl -o $@
