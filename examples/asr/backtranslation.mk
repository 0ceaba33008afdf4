# A translator tuned on the transcripts, which are Hindi without English: back-translation.
#
# A Hindi-English translator learns from the general pairs, the English-Hindi one goes on from its weights (they share one
# vocabulary), and is then tuned on the transcripts with the English that the first gives them, and on as many pairs of its
# own. bt-500 has seen 500 transcripts, and serves the rows of 500 transcripts alone.

SHAPE := --vocabulary 4000 --dimensions 192 --feed-forward 768 --layers 3,1
LEARN := translate-fit --dev work/dev.jsonl --batch 512 --patience 10 --threads 1 -v
OWN_PAIRS := 12000
# how often the transcripts are taken in an epoch
TIMES_250 := 16
TIMES_500 := 8
TIMES_1000 := 5
TIMES_2000 := 3
TIMES_5000 := 2

.PHONY: backtranslated
backtranslated: results/backtranslated.txt

results/backtranslated.txt: score.py $(foreach n,$(VOLUMES),work/scored/bt-$(n).dev.jsonl work/scored/bt-$(n).ntrex.jsonl) \
		work/scored/forward.dev.jsonl work/scored/forward.ntrex.jsonl
	@mkdir -p $(@D)
	python score.py forward=work/scored/forward $(foreach n,$(VOLUMES),bt-$(n)=work/scored/bt-$(n)) >$@

# general pairs without most of the software strings (they are half of all), then those nearest to the domain, twice
work/pairs/base.jsonl: base_pairs.py work/.made work/pairs/mean.jsonl
	python base_pairs.py work/general.jsonl >$@
	cat work/pairs/mean.jsonl work/pairs/mean.jsonl >>$@

work/mt/reverse/datasel.json: work/pairs/base.jsonl
	@mkdir -p work/mt
	$(LEARN) $(SHAPE) --source target --target source --every 1500 --epochs 1 --checkpoints work/mt/reverse.state $< \
	    -o $(@D)/

work/mt/forward/datasel.json: work/pairs/base.jsonl work/mt/reverse/datasel.json
	$(LEARN) --init work/mt/reverse/ --rate 0.0014 --every 1500 --epochs 1 --checkpoints work/mt/forward.state $< -o $(@D)/

work/backtranslated.jsonl: work/mt/reverse/datasel.json work/.made
	translate-nbest --text --model $(<D)/ -n 1 --beam 4 work/cleo.txt \
	    | jq -c '{source: .nbest[0].text, target: .source}' >$@

work/tuning/bt-%.jsonl: work/backtranslated.jsonl work/pairs/mean.jsonl
	@mkdir -p $(@D)
	for time in $$(seq $(TIMES_$*)); do head -n $* $<; done >$@
	head -n $(OWN_PAIRS) work/pairs/mean.jsonl >>$@

work/mt/bt-%/datasel.json: work/tuning/bt-%.jsonl work/mt/forward/datasel.json
	$(LEARN) --init work/mt/forward/ --rate 0.001 --epochs 4 --checkpoints work/mt/bt-$*.state $< -o $(@D)/
