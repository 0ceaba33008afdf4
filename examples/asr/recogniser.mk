# B8 to B10: language models of what was translated, mixed with that of the transcripts, in a complete recogniser.
#
# A row of a table is a language model: work/5000/NAME.mix.arpa mixes that of the text of work/5000/NAME.jsonl (texts.mk)
# with that of the 5,000 transcripts alone, the baseline. WER is of PART: dev, to choose by, or test, once a table.

PART ?= test
FLOOR ?= 0.25
FLOORS := 10 15 25 30 40
T := $(TRANSLATOR)

ALL := $(T)-3.rescored.resampled.mixed.lm75
TABLES := postediting adaptation volume floor controls
POSTEDITING := $(T).raw $(T).raw.copied $(T).raw.resampled $(T).raw.resampled.mixed
SELECTED ?= mean sif
ADAPTATION := $(foreach s,$(SELECTED),$(s).raw.resampled.mixed) \
    $(T).rescored.resampled.mixed $(T).rescored20.resampled.mixed \
    $(T)-3.raw.resampled.mixed $(T)-10.raw.resampled.mixed \
    $(foreach s,mt85 mt75 mt65 lm85 lm75 lm65,$(T).raw.resampled.mixed.$(s)) \
    $(T).rescored.resampled.mixed.lm75 $(ALL)
CONTROLS := human general selected $(ALL) everything
BY_VOLUME := $(ALL) everything human

wer: $(foreach t,$(TABLES),results/$(t)-$(PART).txt) results/scenarios-$(PART).txt

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

work/%/selected.jsonl: work/general.jsonl work/%/cleo.arpa
	jq -c '{text: .target}' $< | lm-prune -q --lm work/$*/cleo.arpa --keep 9.6% -o $@

# beyond the paper, chosen on dev: two translators' texts, all general Hindi besides, modified Kneser-Ney, floors of both
work/%/everything.mix.arpa: work/%/$(T)-3.raw.resampled.mixed.mt75.jsonl work/%/sif.raw.resampled.mixed.mt75.jsonl \
		work/%/cleo.txt work/general.jsonl work/dev.txt
	jq -r .text $(filter %.jsonl,$(filter-out work/general.jsonl,$^)) | build-arpa -q --text --order 4 \
	    -o work/$*/everything.translated.arpa
	build-arpa -q --text --order 4 work/$*/cleo.txt -o work/$*/everything.cleo.arpa
	jq -r .target work/general.jsonl | build-arpa -q --text --order 4 --prune 0,0,1 -o work/$*/everything.general.arpa
	lm-mix -v --tune work/dev.txt --floor everything.translated.arpa=0.15 --floor everything.general.arpa=0.2 -o $@ \
	    $(addprefix work/$*/everything.,cleo.arpa translated.arpa general.arpa)

# -- the recogniser -------------------------------------------------------------------------------------------------

# every word that any of these models may know
work/hindi.lexicon: work/.made hindi-phones.tsv $(foreach n,$(VOLUMES),work/$(n)/$(ALL).jsonl) \
		$(foreach r,$(POSTEDITING) $(ADAPTATION),work/5000/$(r).jsonl)
	{ cat work/cleo.txt; jq -r .target work/general.jsonl; jq -r .text $(filter %.jsonl,$^); } | make-lexicon --text \
	    --language hi --latin-language en-us --token-map hindi-phones.tsv --report work/unpronounced.jsonl -o $@

# the references in the form of all other text
work/%.spoken.jsonl: $(EMITTED)/%.jsonl
	normalize-text --lang hi --lower --strip-punctuation -f text $< | jq -c '.scenario //= "none"' >$@

# weights found on dev with the baseline, and kept for every other model
work/settings.json: work/hindi.lexicon work/5000/cleo.arpa work/dev.spoken.jsonl
	decode-wer -v --lexicon $< --lm work/5000/cleo.arpa --tune --reference-field text -j 2 work/dev.spoken.jsonl -o $@

WER = decode-wer -v --json --lexicon work/hindi.lexicon --settings work/settings.json --reference-field text \
    --by scenario -j 2 work/$(PART).spoken.jsonl

models = $(foreach r,$(2),work/$(1)/$(r).mix.arpa)
results/postediting-$(PART).txt: wer.py work/5000/cleo.arpa $(call models,5000,$(POSTEDITING))
results/adaptation-$(PART).txt: wer.py work/5000/cleo.arpa $(call models,5000,$(ADAPTATION))
results/floor-$(PART).txt: wer.py work/5000/cleo.arpa $(foreach f,$(FLOORS),work/5000/$(ALL).floor$(f).arpa)
results/controls-$(PART).txt: wer.py work/5000/cleo.arpa $(call models,5000,$(CONTROLS))
results/postediting-$(PART).txt results/adaptation-$(PART).txt results/floor-$(PART).txt results/controls-$(PART).txt: \
		results/%-$(PART).txt: work/settings.json work/$(PART).spoken.jsonl work/$(PART).txt
	@mkdir -p $(@D) work/wer
	$(WER) $(patsubst %,--lm %,$(filter %.mix.arpa %0.arpa %5.arpa,$^)) --baseline-lm work/5000/cleo.arpa \
	    -o work/wer/$*-$(PART).json
	python wer.py work/$(PART).txt work/wer/$*-$(PART).json $(filter %.arpa,$^) >$@

# the baseline has as few transcripts as the system
results/volume-$(PART).txt: wer.py work/settings.json work/$(PART).spoken.jsonl work/$(PART).txt \
		$(foreach n,$(VOLUMES),work/$(n)/cleo.arpa $(foreach r,$(BY_VOLUME),work/$(n)/$(r).mix.arpa))
	@mkdir -p $(@D) work/wer
	for n in $(VOLUMES); do $(WER) --baseline-lm work/$$n/cleo.arpa $(foreach r,$(BY_VOLUME),--lm work/$$n/$(r).mix.arpa) \
	    -o work/wer/volume-$$n-$(PART).json; done
	for n in $(VOLUMES); do echo "$$n transcripts"; python wer.py work/$(PART).txt work/wer/volume-$$n-$(PART).json \
	    work/$$n/cleo.arpa $(foreach r,$(BY_VOLUME),work/$$n/$(r).mix.arpa); done >$@

results/scenarios-$(PART).txt: wer.py results/controls-$(PART).txt
	python wer.py --scenarios work/$(PART).spoken.jsonl work/wer/controls-$(PART).json work/5000/cleo.txt $(ALL).mix.arpa >$@

work/test.txt: work/.made
	jq -r .target work/test.jsonl >$@

# -- the page -------------------------------------------------------------------------------------------------------

report: work/report.html

work/wer/errors-$(PART).txt: work/settings.json work/$(PART).spoken.jsonl work/5000/$(ALL).mix.arpa
	decode-wer --show --lexicon work/hindi.lexicon --settings work/settings.json --reference-field text -j 2 \
	    --lm work/5000/$(ALL).mix.arpa work/$(PART).spoken.jsonl -o $@

work/report.html: report.py work/wer/errors-$(PART).txt $(foreach t,$(TABLES) scenarios,results/$(t)-$(PART).txt)
	python report.py results work/wer/errors-$(PART).txt $(PART) $@
