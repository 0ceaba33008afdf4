# What would be gained if names were spelled as people spell them, and requests translated as people translate them.

.PHONY: oracle
oracle: results/oracle-$(PART).txt

# the lists of a translator that has seen fewer transcripts, with the names as all transcripts spell them
work/nbest/bt-%.spelled.jsonl: work/nbest/bt-%.5.jsonl work/5000/names.tsv
	$(RESTORE) --signature -v $< -o $@

work/%/additions/kneser-ney+spelled.arpa: work/nbest/bt-%.spelled.jsonl work/%/additions/.made
	nbest-spread $< | build-arpa -q --order 4 --weight weight -o $(@D)/parts/spelled.arpa
	lm-mix -q --tune work/dev.txt $(@D)/kneser-ney.arpa $(@D)/parts/spelled.arpa -o $@

ORACLE_VOLUMES := 250 500 1000
SPELLED := kneser-ney+names,kneser-ney+spread kneser-ney+spelled,kneser-ney+spread \
    kneser-ney+spelled,kneser-ney+names kneser-ney+human,kneser-ney+spelled
oracle = $(foreach r,spread names spelled human,work/$(1)/additions/kneser-ney+$(r).arpa)
$(foreach n,$(ORACLE_VOLUMES),$(eval $(call gathered,oracle-$(n),$(call oracle,$(n)),$(SPELLED))))

results/oracle-$(PART).txt: additions.py $(foreach n,$(ORACLE_VOLUMES),work/wer/oracle-$(n)-$(PART).json)
	@mkdir -p $(@D)
	python $^ >$@
