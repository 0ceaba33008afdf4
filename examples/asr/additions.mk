# What each step adds at every volume: smoothing, translations, n-best lists, general text (additions.sh). Every row is
# compared with transcripts alone (Katz) and, paired over utterances, with the row that has one thing less.

.PHONY: additions
additions: results/additions-$(PART).txt

work/%/additions/.made: additions.sh work/nbest/bt-%.5.jsonl work/nbest/bt-%.restored.jsonl \
		work/nbest/bt-%.more.jsonl work/dev.txt work/general.arpa
	./additions.sh $* $(filter %.jsonl,$^)
	@touch $@

work/general.arpa: work/general.jsonl
	jq -r .target $< | build-arpa -q --order 4 --text --prune 0,0,1 -o $@

ROWS := katz+translated kneser-ney kneser-ney+translated kneser-ney+spread kneser-ney+names \
    kneser-ney+more kneser-ney+general everything kneser-ney+human
ADDED := kneser-ney,katz kneser-ney+translated,kneser-ney kneser-ney+spread,kneser-ney+translated \
    kneser-ney+names,kneser-ney+spread kneser-ney+more,kneser-ney+names \
    kneser-ney+general,kneser-ney everything,kneser-ney+general

additions = $(foreach r,katz $(ROWS),work/$(1)/additions/$(r).arpa)
$(foreach n,$(VOLUMES),$(eval $(call additions,$(n)): work/$(n)/additions/.made))
$(foreach n,$(VOLUMES),$(eval $(call gathered,additions-$(n),$(call additions,$(n)),$(ADDED))))

results/additions-$(PART).txt: additions.py $(foreach n,$(VOLUMES),work/wer/additions-$(n)-$(PART).json)
	@mkdir -p $(@D)
	python $^ >$@
