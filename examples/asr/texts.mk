# Requests translated n-best, rescored, post-edited, filtered; translators tuned by self-training.
#
# Files are named by what was done, step by step: work/5000/sif.rescored.resampled.mixed.lm75.jsonl comes from the n-best
# lists of the translator "sif"; 5000 is how many in-domain requests there were to learn from.

VOLUME ?= 5000
TRANSLATOR ?= bt-$(VOLUME)
NAMES := person,place_name,business_name,food_type,artist_name,song_name,playlist_name,podcast_name,device_type
# names put back as the last prerequisite spells them; what became of each is beside the output
RESTORE = entity-restore --only $(NAMES) --keep-words hindi-particles.txt --spelled --spellings $(lastword $^) \
    --report $(@:.jsonl=.report.jsonl)

chain := raw rescored rescored.copied rescored.resampled rescored.resampled.mixed
translated: results/stages.txt

results/stages.txt: stages.py $(foreach s,$(chain),work/$(VOLUME)/$(TRANSLATOR).$(s).jsonl)
	@mkdir -p $(@D)
	python stages.py $(filter %.jsonl,$^) >$@

# -- the in-domain text that there is, and what is learned from it ------------------------------------------------

work/%/cleo.txt: work/.made
	@mkdir -p $(@D)
	head -n $* work/cleo.txt >$@

work/%/cleo.arpa: work/%/cleo.txt
	build-arpa --text --smoothing katz --order 4 $< -o $@

work/%/spellings.tsv: work/%/cleo.txt spellings.py hindi-spellings.tsv
	cat hindi-spellings.tsv >$@
	python spellings.py --requests work/english.jsonl --in-domain $< <work/general.jsonl >>$@

work/catalogue.jsonl: work/.made catalogues.py hindi-entities.tsv
	python catalogues.py '$(DATASEL_DATA)' >$@

# -- translations: work/nbest/TRANSLATOR.N.jsonl, N best, their words aligned --------------------------------------

define listed
work/nbest/%.$(1).jsonl: work/english.jsonl work/general.align work/mt/%/datasel.json
	@mkdir -p $$(@D)
	translate-nbest --signature --model work/mt/$$*/ -n $(1) -j 2 $$< \
	    | align-words --signature --model work/general.align -j 2 -o $$@

endef
$(foreach n,5 20,$(eval $(call listed,$(n))))

# -- steps ----------------------------------------------------------------------------------------------------------

# the first of the list as it is
work/%.raw.jsonl: work/nbest/$$(notdir $$*).5.jsonl
	@mkdir -p $(@D)
	jq -c '. + (.nbest[0] | {text, alignment, mt_score_per_token}) | del(.nbest)' $< >$@

work/%.rescored.jsonl: work/nbest/$$(notdir $$*).5.jsonl $$(dir work/$$*)cleo.arpa
	lm-rescore --signature --lm $(lastword $^) --weight 0.3 $< -o $@

work/%.rescored20.jsonl: work/nbest/$$(notdir $$*).20.jsonl $$(dir work/$$*)cleo.arpa
	lm-rescore --signature --lm $(lastword $^) --weight 0.3 $< -o $@

work/%.copied.jsonl: work/%.jsonl $$(dir work/$$*)names.tsv
	$(RESTORE) --signature -v $< -o $@

work/%.resampled.jsonl: work/%.jsonl work/catalogue.jsonl $$(dir work/$$*)names.tsv
	$(RESTORE) --signature -v --catalogue work/catalogue.jsonl $< -o $@

work/%.mixed.jsonl: work/%.jsonl $$(dir work/$$*)cleo.txt $$(dir work/$$*)spellings.tsv
	code-mix --signature -v --in-domain $(dir $@)cleo.txt --spellings $(lastword $^) --keep-words hindi-particles.txt $< -o $@

work/%.lm85.jsonl: work/%.jsonl $$(dir work/$$*)cleo.arpa
	lm-prune --signature --lm $(lastword $^) --keep 85% $< -o $@

work/%.lm75.jsonl: work/%.jsonl $$(dir work/$$*)cleo.arpa
	lm-prune --signature --lm $(lastword $^) --keep 75% $< -o $@

work/%.lm65.jsonl: work/%.jsonl $$(dir work/$$*)cleo.arpa
	lm-prune --signature --lm $(lastword $^) --keep 65% $< -o $@

work/%.mt85.jsonl: work/%.jsonl
	lm-prune --signature --by mt_score_per_token --keep 85% $< -o $@

work/%.mt75.jsonl: work/%.jsonl
	lm-prune --signature --by mt_score_per_token --keep 75% $< -o $@

work/%.mt65.jsonl: work/%.jsonl
	lm-prune --signature --by mt_score_per_token --keep 65% $< -o $@

# -- self-training ----------------------------------------------------------------------------------------------------

# every fourth request, post-edited: work/mt/TRANSLATOR-3/ and -10/ went on from it for so many epochs
work/self/%.jsonl: work/$(VOLUME)/%.rescored.copied.jsonl
	@mkdir -p $(@D)
	awk 'NR % 4 == 1' $< | jq -c '{source, target: .text, alignment}' >$@

self = translate-fit --init work/mt/$(TRANSLATOR)/ --dev work/dev.jsonl --batch 512 \
    --guide $(GUIDE) --patience 10 --threads 1 -v $< -o $(@D)/
work/mt/$(TRANSLATOR)-3/datasel.json: work/self/$(TRANSLATOR).jsonl
	$(self) --epochs 3

work/mt/$(TRANSLATOR)-10/datasel.json: work/self/$(TRANSLATOR).jsonl
	$(self) --epochs 10

tuned: results/tuned.txt

results/tuned.txt: score.py $(foreach s,$(TRANSLATOR) $(TRANSLATOR)-3 $(TRANSLATOR)-10,work/scored/$(s).dev.jsonl work/scored/$(s).ntrex.jsonl)
	@mkdir -p $(@D)
	python score.py $(foreach s,$(TRANSLATOR) $(TRANSLATOR)-3 $(TRANSLATOR)-10,$(s)=work/scored/$(s)) >$@
