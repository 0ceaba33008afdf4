# What each step adds at every volume: smoothing, translations, n-best lists, general text (additions.sh). Every row is
# compared with transcripts alone (Katz) and, paired over utterances, with the row that has one thing less.

.PHONY: additions
additions: results/additions-$(PART).txt

work/%/additions/everything.arpa: additions.sh work/nbest/bt-%.5.jsonl work/.made
	./additions.sh $* work/nbest/bt-$*.5.jsonl

ROWS := katz+translated kneser-ney kneser-ney+translated kneser-ney+spread kneser-ney+general everything kneser-ney+human
ADDED := kneser-ney,katz kneser-ney+translated,kneser-ney kneser-ney+spread,kneser-ney+translated \
    kneser-ney+general,kneser-ney everything,kneser-ney+general
comma := ,

work/wer/additions-%-$(PART).json: work/%/additions/everything.arpa work/settings.json work/$(PART).spoken.jsonl
	@mkdir -p $(@D)
	$(WER) --baseline-lm work/$*/additions/katz.arpa $(foreach r,$(ROWS),--lm work/$*/additions/$(r).arpa) \
	    $(foreach p,$(ADDED),--compare $(subst $(comma),.arpa$(comma),$(p)).arpa) -o $@

results/additions-$(PART).txt: additions.py $(foreach n,$(VOLUMES),work/wer/additions-$(n)-$(PART).json)
	@mkdir -p $(@D)
	python $^ >$@
