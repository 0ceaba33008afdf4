# Emissions of the recordings, by hama's universal phone model and a network on top of it that learned from dev.
#
# What is emitted for an utterance of dev comes from a network that has not learned from it (one of five, each without a
# fifth of dev), so that a recogniser may be tuned on dev. For test there is one that learned from all of dev.

AUDIO := $(DATASEL_DATA)/audio
EMITTED := work/emissions
PARTS_OF_DEV := 0 1 2 3 4
FIT := ctc-fit -q --features --lexicon $(EMITTED)/dev.lexicon --epochs 30

# spoken beside the training of translators, where there are two cores
$(AUDIO)/dev.jsonl $(AUDIO)/test.jsonl: $(AUDIO)/%.jsonl: | work/.made
	$(if $(filter ../data/%,$(DATASEL_DATA)),$(MAKE) -C ../data work/asr/audio/$*.jsonl)
	@test -e $@ || { echo "examples/asr: no '$@' (README.md)" >&2; exit 1; }

.PHONY: emissions
emissions: results/token-errors.txt $(EMITTED)/test.jsonl

$(EMITTED)/dev.lexicon: $(AUDIO)/dev.jsonl hindi-phones.tsv
	@mkdir -p $(@D)
	make-lexicon --language hi --token-map hindi-phones.tsv $< -o $@

# how often the best path is wrong: the phone model's tokens merged to classes, and the network's
results/token-errors.txt: token_errors.py $(EMITTED)/dev.lexicon $(EMITTED)/merged-dev.jsonl $(EMITTED)/dev.jsonl
	@mkdir -p $(@D)
	python $^ >$@

$(EMITTED)/raw-%.jsonl: $(AUDIO)/%.jsonl
	../../tools/need-packages espeak-ng
	@mkdir -p $(@D)
	ctc-emit --hama --out-dir $(EMITTED)/raw-$* $< -o $@

$(EMITTED)/merged-dev.jsonl: $(EMITTED)/raw-dev.jsonl hindi-phones.tsv
	ctc-emit --token-map hindi-phones.tsv --out-dir $(EMITTED)/merged-dev $< -o $@

# four utterances in a row, one of each voice, are of one part
$(EMITTED)/part-%.jsonl: $(EMITTED)/raw-dev.jsonl
	awk 'int((NR - 1) / 4) % 5 == $*' $< >$@

$(EMITTED)/rest-%.jsonl: $(EMITTED)/raw-dev.jsonl
	awk 'int((NR - 1) / 4) % 5 != $*' $< >$@

$(EMITTED)/part-%.onnx: $(EMITTED)/rest-%.jsonl $(EMITTED)/dev.lexicon
	$(FIT) $< -o $@

$(EMITTED)/emitted-%.jsonl: $(EMITTED)/part-%.onnx $(EMITTED)/part-%.jsonl
	ctc-emit --model $< --out-dir $(EMITTED)/dev $(word 2,$^) -o $@

$(EMITTED)/dev.jsonl: $(foreach p,$(PARTS_OF_DEV),$(EMITTED)/emitted-$(p).jsonl)
	LC_ALL=C sort $^ >$@

$(EMITTED)/all.onnx: $(EMITTED)/raw-dev.jsonl $(EMITTED)/dev.lexicon
	$(FIT) $< -o $@

$(EMITTED)/test.jsonl: $(EMITTED)/all.onnx $(EMITTED)/raw-test.jsonl
	ctc-emit --model $< --out-dir $(EMITTED)/test $(word 2,$^) -o $@
