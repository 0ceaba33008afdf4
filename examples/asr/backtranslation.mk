# A translator tuned on the transcripts, which are Hindi without English: iterated back-translation.
#
# Both directions learn from the general pairs. The English-Hindi one translates the requests, and on these (their English
# is real) and as many own pairs the Hindi-English one is tuned to the domain. It gives the transcripts their English, and
# on these (their Hindi is real) and own pairs the English-Hindi one is tuned. bt-500 has seen 500 transcripts, and serves
# the rows of 500 transcripts alone. Which data is tuned on is chosen by dev.

LEARN := translate-fit --dev work/dev.jsonl --batch 512 --guide $(GUIDE) --patience 10 --threads 1 -v
ALIGNED = align-words --model work/general.align -f target $<
# alignments for a translator from Hindi to English
TURN := jq -c '.alignment |= map([.[1], .[0]])'
BASE := $(LEARN) --vocabulary 4000 --dimensions 192 --feed-forward 768 --layers 3,1 --every 3000
OWN_PAIRS := 12000
# how often the transcripts are taken in an epoch
TIMES_250 := 16
TIMES_500 := 8
TIMES_1000 := 5
TIMES_2000 := 3
TIMES_5000 := 2

.PHONY: backtranslated
backtranslated: results/backtranslated.txt

# own-5000 is the control: as many updates on pairs of its own alone
TUNED := forward own-5000 $(foreach n,$(VOLUMES),bt-$(n)) bt-5000-seed-2 bt-5000-seed-3 second-5000
results/backtranslated.txt: score.py $(foreach t,$(TUNED),work/scored/$(t).dev.jsonl work/scored/$(t).ntrex.jsonl)
	@mkdir -p $(@D)
	python score.py $(foreach t,$(TUNED),$(t)=work/scored/$(t)) >$@

# general pairs without most of the software strings (they are half of all), then those nearest to the domain, twice
work/pairs/base.jsonl: base_pairs.py work/.made work/pairs/mean.jsonl
	python base_pairs.py work/general.jsonl >$@
	cat work/pairs/mean.jsonl work/pairs/mean.jsonl >>$@

work/mt/forward/datasel.json: work/aligned/base.jsonl
	@mkdir -p work/mt
	$(BASE) --epochs 3 --checkpoints work/mt/forward.state $< -o $(@D)/

work/mt/reverse/datasel.json: work/aligned/base.jsonl
	@mkdir -p work/mt
	$(TURN) $< | $(BASE) --source target --target source --epochs 2 --checkpoints work/mt/reverse.state -o $(@D)/

# the requests with the Hindi that a translator gives them, and own pairs
define requests_and_own
@mkdir -p $(@D)
translate-nbest --model $(<D)/ -n 1 --beam 4 -j 2 work/english.jsonl | jq -c '{source, target: .nbest[0].text}' >$@
head -n $(OWN_PAIRS) work/pairs/mean.jsonl >>$@
endef

TUNE_REVERSE = $(ALIGNED) | $(TURN) \
    | $(LEARN) --source target --target source --init work/mt/reverse/ --rate 0.001 --epochs 3 -o $(@D)/

define backtranslated
translate-nbest --text --model $(<D)/ -n 1 --beam 4 -j 2 work/cleo.txt \
    | jq -c '{source: .nbest[0].text, target: .source}' >$@
endef

define transcripts_and_own
@mkdir -p $(@D)
for time in $$(seq $(TIMES_$*)); do head -n $* $<; done >$@
head -n $(OWN_PAIRS) work/pairs/mean.jsonl >>$@
endef

TUNE = $(ALIGNED) | $(LEARN) --init work/mt/forward/ --rate 0.001 --epochs 4 -o $(@D)/

work/tuning/reverse.jsonl: work/mt/forward/datasel.json work/pairs/mean.jsonl
	$(requests_and_own)

work/mt/reverse-tuned/datasel.json: work/tuning/reverse.jsonl work/mt/reverse/datasel.json
	$(TUNE_REVERSE)

work/backtranslated.jsonl: work/mt/reverse-tuned/datasel.json work/.made
	$(backtranslated)

work/tuning/bt-%.jsonl: work/backtranslated.jsonl work/pairs/mean.jsonl
	$(transcripts_and_own)

work/mt/bt-%/datasel.json: work/tuning/bt-%.jsonl work/mt/forward/datasel.json
	$(TUNE)

work/tuning/own-5000.jsonl: work/pairs/mean.jsonl
	@mkdir -p $(@D)
	head -n $$(($(OWN_PAIRS) + 5000 * $(TIMES_5000))) $< >$@

work/mt/own-%/datasel.json: work/tuning/own-%.jsonl work/mt/forward/datasel.json
	$(TUNE)

# another seed of the tuning
work/mt/bt-5000-seed-2/datasel.json work/mt/bt-5000-seed-3/datasel.json: work/mt/bt-5000-seed-%/datasel.json: \
		work/tuning/bt-5000.jsonl work/mt/forward/datasel.json
	$(TUNE) --seed $*

# a second round: the requests' Hindi by bt-5000 in place of forward's
work/tuning/reverse-second-%.jsonl: work/mt/bt-%/datasel.json work/pairs/mean.jsonl
	$(requests_and_own)

work/mt/reverse-second-%/datasel.json: work/tuning/reverse-second-%.jsonl work/mt/reverse/datasel.json
	$(TUNE_REVERSE)

work/backtranslated-second-%.jsonl: work/mt/reverse-second-%/datasel.json work/.made
	$(backtranslated)

work/tuning/second-%.jsonl: work/backtranslated-second-%.jsonl work/pairs/mean.jsonl
	$(transcripts_and_own)

work/mt/second-%/datasel.json: work/tuning/second-%.jsonl work/mt/forward/datasel.json
	$(TUNE)
