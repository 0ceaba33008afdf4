# Names: a translator that has learned to copy masks, and what becomes of the requests' entities with masks and without.

.PHONY: names spelled
names: results/names.txt

# nearest pairs, half of those with names masked: the same translator serves both ways
work/aligned/masked.jsonl: work/aligned/mean.jsonl
	mask-pairs -v $< -o $@

work/mt/masked/datasel.json: work/aligned/masked.jsonl
	@mkdir -p work/mt
	translate-fit --dev work/dev.jsonl --vocabulary 4000 --dimensions 192 --feed-forward 768 --layers 3,1 --batch 512 \
	    --guide $(GUIDE) --symbols '[e1],[e2],[e3],[e4]' --epochs 9 --updates 6000 --every 1000 --patience 10 --threads 1 \
	    --checkpoints work/mt/masked.state -v $< -o $(@D)/

# how the words of entities sound in Devanagari, behind the spellings that the pairs and the requests give
work/sounds.tsv: work/.made ../samples/letters-hi.tsv
	../../tools/need-packages espeak-ng
	jq -r '.slots[]?.value' work/english.jsonl | sed -E "s/('s|s')( |$$)/\2/g" \
	    | make-lexicon -q --language en-gb-scotland --letters ../samples/letters-hi.tsv --text -o $@

# hindi-names.tsv has what is read otherwise than it sounds to eSpeak NG, and abbreviations
work/%/names.tsv: hindi-names.tsv work/%/spellings.tsv work/sounds.tsv
	cat $^ >$@

work/names/requests.jsonl: work/.made
	@mkdir -p $(@D)
	entity-mask --only $(NAMES) work/english.jsonl | jq -c 'select(.masks != {})' >$@

work/names/masked.nbest.jsonl: work/names/requests.jsonl work/mt/masked/datasel.json work/general.align
	translate-nbest --model work/mt/masked/ -f masked $< | entity-mask --unmask \
	    | align-words --model work/general.align -o $@

work/names/plain.nbest.jsonl: work/names/requests.jsonl work/mt/masked/datasel.json work/general.align
	translate-nbest --model work/mt/masked/ $< | align-words --model work/general.align -o $@

work/names/%.best.jsonl: work/names/%.nbest.jsonl
	jq -c '. + (.nbest[0] | {text, alignment}) | del(.nbest)' $< >$@

work/names/%.learned.jsonl: work/names/%.best.jsonl work/$(VOLUME)/spellings.tsv
	$(RESTORE) $< -o $@

work/names/%.sounds.jsonl: work/names/%.best.jsonl work/$(VOLUME)/names.tsv
	$(RESTORE) $< -o $@

results/names.txt: names.py $(foreach w,plain masked,$(foreach s,learned sounds,work/names/$(w).$(s).jsonl))
	@mkdir -p $(@D)
	python $^ >$@

# spelling by sound against names.tsv, which was written by hand
spelled: spelled.py names.tsv work/$(VOLUME)/spellings.tsv
	cut -f1 names.tsv | make-lexicon -q --language en-gb-scotland --letters ../samples/letters-hi.tsv --text \
	    -o work/names.sounds.tsv
	python spelled.py names.tsv sound=work/names.sounds.tsv learned=work/$(VOLUME)/spellings.tsv \
	    both=work/$(VOLUME)/spellings.tsv,work/names.sounds.tsv
