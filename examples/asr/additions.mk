# What each step adds at every volume: smoothing, translations, n-best lists, general text (additions.sh). Every row is
# compared with transcripts alone (Katz) and, paired over utterances, with the row that has one thing less.

.PHONY: additions
additions: results/additions-$(PART).txt

work/%/additions/.made: additions.sh work/nbest/bt-%.5.jsonl work/nbest/bt-%.restored.jsonl \
		work/nbest/bt-%.more.jsonl
	./additions.sh $* $(filter %.jsonl,$^)
	@touch $@

ROWS := katz+translated kneser-ney kneser-ney+translated kneser-ney+spread kneser-ney+names \
    kneser-ney+more kneser-ney+general everything kneser-ney+human
ADDED := kneser-ney,katz kneser-ney+translated,kneser-ney kneser-ney+spread,kneser-ney+translated \
    kneser-ney+names,kneser-ney+spread kneser-ney+more,kneser-ney+names \
    kneser-ney+general,kneser-ney everything,kneser-ney+general
comma := ,

heard_of = $(foreach r,katz $(ROWS),work/$(1)/additions/$(r).heard-$(PART).jsonl)
$(foreach n,$(VOLUMES),$(foreach r,katz $(ROWS),$(eval work/$(n)/additions/$(r).arpa: work/$(n)/additions/.made)))

define added
work/wer/additions-$(1)-$(PART).json: gather.py $(call heard_of,$(1))
	@mkdir -p $$(@D)
	python gather.py $(SPOKEN) $$(filter %.jsonl,$$^) $(ADDED) >$$@

endef
$(foreach n,$(VOLUMES),$(eval $(call added,$(n))))

results/additions-$(PART).txt: additions.py $(foreach n,$(VOLUMES),work/wer/additions-$(n)-$(PART).json)
	@mkdir -p $(@D)
	python $^ >$@
