# Language models of what was translated, mixed with that of the transcripts, in a complete recogniser.
#
# A row of a table is a language model: work/5000/NAME.mix.arpa mixes that of the text of work/5000/NAME.jsonl (texts.mk)
# with that of the 5,000 transcripts alone, the baseline. WER is of PART: dev, to choose by, or test, once a table.

PART ?= test
FLOOR ?= 0.25
FLOORS := 10 15 25 30 40
T := $(TRANSLATOR)

# all of the paper: a translator has seen no other transcripts than the language models; bt-500 at 500
all_of = bt-$(1).rescored.resampled.mixed.lm75
ALL := $(T).rescored.resampled.mixed.lm75
TABLES := postediting adaptation volume floor controls
POSTEDITING := $(T).raw $(T).raw.copied $(T).raw.resampled $(T).raw.resampled.mixed
# translators on selected pairs besides
SELECTED ?= $(SELECTIONS)
ADAPTATION := $(foreach s,$(SELECTED),$(s).raw.resampled.mixed) \
    $(T).rescored.resampled.mixed $(T).rescored20.resampled.mixed \
    $(T)-3.raw.resampled.mixed $(T)-10.raw.resampled.mixed \
    $(foreach s,mt85 mt75 mt65 lm85 lm75 lm65,$(T).raw.resampled.mixed.$(s)) \
    $(ALL) $(T)-3.rescored.resampled.mixed.lm75
# each against the row that has one step less; self-training and all of the paper against entities and code-mixing alone
MIXED := $(T).raw.resampled.mixed
STEPS := $(T).raw.copied,$(T).raw $(T).raw.resampled,$(T).raw.copied $(MIXED),$(T).raw.resampled \
    $(T).rescored.resampled.mixed,$(MIXED) $(MIXED).mt75,$(MIXED) $(MIXED).lm75,$(MIXED) \
    $(T)-3.raw.resampled.mixed,$(MIXED) $(ALL),$(MIXED)
CONTROLS := human general selected $(ALL) everything
by_volume = $(call all_of,$(1)) everything human

wer: $(foreach t,$(TABLES) steps scenarios,results/$(t)-$(PART).txt)

# -- language models ------------------------------------------------------------------------------------------------

work/%.arpa: work/%.jsonl
	jq -r .text $< | build-arpa -q --text --smoothing katz --order 4 -o $@

work/%.mix.arpa: work/%.arpa $$(dir work/$$*)cleo.arpa work/dev.txt
	lm-mix -v --tune work/dev.txt --floor $<=$(FLOOR) -o $@ $(word 2,$^) $<

# the floors: work/5000/NAME.floor10.arpa
define floored
work/%.floor$(1).arpa: work/%.arpa $$$$(dir work/$$$$*)cleo.arpa work/dev.txt
	lm-mix -v --tune work/dev.txt --floor $$<=0.$(1) -o $$@ $$(word 2,$$^) $$<

endef
$(foreach f,$(FLOORS),$(eval $(call floored,$(f))))

work/dev.txt: work/.made
	jq -r .target work/dev.jsonl >$@

# -- controls: other text in the place of the translations ----------------------------------------------------------

# the human translations of the transcripts' own English, beyond the transcripts that there are: an upper bound
work/%/human.jsonl: work/%/cleo.txt
	tail -n +$$(($* + 1)) work/cleo.txt | jq -cR '{text: .}' >$@

# as many sentences of the Hindi side of the general pairs, at random, and the most probable under the transcripts' model
work/%/general.jsonl: work/general.jsonl work/english.jsonl
	@mkdir -p $(@D)
	head -n $$(wc -l <work/english.jsonl) $< | jq -c '{text: .target}' >$@

work/%/selected.jsonl: work/general.jsonl work/%/cleo.arpa work/english.jsonl
	jq -c '{text: .target}' $< | lm-prune -q --lm work/$*/cleo.arpa -k $$(wc -l <work/english.jsonl) -o $@

# beyond the paper (additions.sh)
work/%/everything.mix.arpa: work/%/additions/.made
	cp $(<D)/everything.arpa $@

# -- the recogniser -------------------------------------------------------------------------------------------------

# what all models may know; heard.sh adds the words of translations
work/hindi.lexicon: work/.made hindi-phones.tsv
	{ cat work/cleo.txt; jq -r .target work/general.jsonl; } | make-lexicon --text --language hi --latin-language en-us \
	    --token-map hindi-phones.tsv --report work/unpronounced.jsonl -o $@

# the references in the form of all other text; beside the emissions, whose names are relative to their records' folder
$(EMITTED)/%.spoken.jsonl: $(EMITTED)/%.jsonl
	normalize-text --lang hi --lower --strip-punctuation -f text $< | jq -c '.scenario //= "none"' >$@

# weights found on dev with the baseline, and kept for every other model
work/settings.json: work/hindi.lexicon work/5000/cleo.arpa $(EMITTED)/dev.spoken.jsonl
	decode-wer -v --lexicon $< --lm work/5000/cleo.arpa --tune --reference-field text -j 2 $(lastword $^) -o $@

# each model is decoded with once: work/5000/NAME.mix.heard-test.jsonl
SPOKEN := $(EMITTED)/$(PART).spoken.jsonl
work/%.heard-$(PART).jsonl: work/%.arpa heard.sh work/hindi.lexicon work/settings.json $(SPOKEN)
	./heard.sh $< $(SPOKEN) $@

# -- tables: the baseline first, then rows, each compared with it ----------------------------------------------------

models = work/$(1)/cleo.arpa $(foreach r,$(2),work/$(1)/$(r).mix.arpa)
heard = $(patsubst %.arpa,%.heard-$(PART).jsonl,$(1))

# name, models, pairs of them to compare
define gathered
work/wer/$(1)-$(PART).json: gather.py $(call heard,$(2))
	@mkdir -p $$(@D)
	python gather.py $(SPOKEN) $$(filter %.jsonl,$$^) $(3) >$$@

endef
# name, models
define table
$(call gathered,$(1),$(2))
work/wer/$(1)-$(PART).txt: wer.py work/wer/$(1)-$(PART).json work/$(PART).txt $(2)
	python wer.py work/$(PART).txt work/wer/$(1)-$(PART).json $(2) >$$@

endef
$(eval $(call table,postediting,$(call models,5000,$(POSTEDITING))))
$(eval $(call table,adaptation,$(call models,5000,$(ADAPTATION))))
$(eval $(call table,floor,work/5000/cleo.arpa $(foreach f,$(FLOORS),work/5000/$(ALL).floor$(f).arpa)))
$(eval $(call table,controls,$(call models,5000,$(CONTROLS))))
# the baseline has as few transcripts as the system
$(foreach n,$(VOLUMES),$(eval $(call table,volume-$(n),$(call models,$(n),$(call by_volume,$(n))))))

$(foreach t,postediting adaptation floor controls,results/$(t)-$(PART).txt): results/%: work/wer/%
	@mkdir -p $(@D)
	cp $< $@

results/volume-$(PART).txt: $(foreach n,$(VOLUMES),work/wer/volume-$(n)-$(PART).txt)
	@mkdir -p $(@D)
	for n in $(VOLUMES); do echo "$$n transcripts"; cat work/wer/volume-$$n-$(PART).txt; done >$@

comma := ,
compared = $(foreach p,$(1),$(subst $(comma),.mix$(comma),$(p)).mix)
$(eval $(call gathered,steps-5000,$(call models,5000,$(sort $(subst $(comma), ,$(STEPS)))),$(call compared,$(STEPS))))

results/steps-$(PART).txt: additions.py work/wer/steps-5000-$(PART).json
	@mkdir -p $(@D)
	python $^ >$@

results/scenarios-$(PART).txt: wer.py work/wer/controls-$(PART).json
	@mkdir -p $(@D)
	python wer.py --scenarios $(SPOKEN) work/wer/controls-$(PART).json work/5000/cleo.txt $(ALL).mix.arpa >$@

work/test.txt: work/.made
	jq -r .target work/test.jsonl >$@

# -- the page -------------------------------------------------------------------------------------------------------

report: work/report.html

work/wer/errors-$(PART).txt: $(call heard,work/5000/$(ALL).mix.arpa) $(SPOKEN)
	@mkdir -p $(@D)
	decode-wer --show --reference $(SPOKEN) --reference-field text $< -o $@

work/report.html: report.py work/wer/errors-$(PART).txt $(foreach t,$(TABLES) steps scenarios,results/$(t)-$(PART).txt)
	python report.py results work/wer/errors-$(PART).txt $(PART) $@
