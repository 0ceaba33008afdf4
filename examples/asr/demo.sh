#!/usr/bin/env bash
# System B in small, some minutes: a quarter of some pairs chosen, a translator, 2,000 requests translated and post-edited,
# language models of these and of the pairs' Hindi mixed with that of 500 transcripts, and the WER on 200 recordings.
# demo.sh DATA
set -euo pipefail
data=${1:-}
if [ ! -f "$data/everyday-tasks.tsv" ]; then
    echo 'examples/asr: no data in DATASEL_DATA, so no table of WER (examples/asr/README.md says what it reads)' >&2
    exit 0
fi
if [ ! -f "$data/audio/dev.jsonl" ]; then
    echo "examples/asr: no recordings in '$data/audio', so no table of WER ('make -C examples/data audio' makes them)" >&2
    exit 0
fi
data=$(realpath "$data")
cd "$(dirname "$0")"
work=work/demo
rm -rf $work
mkdir -p $work/data
here=$PWD

# every sixth pair, so that every source is there
awk 'NR % 6 == 1' "$data/general-parallel.tsv" >$work/data/general-parallel.tsv
cp "$data"/{everyday-tasks,mt-test-ntrex}.tsv "$data"/*.variables.tsv $work/data/
head -n 2000 "$data/english-assistant.jsonl" >$work/data/english-assistant.jsonl
python prepare.py $work/data $work
dedup -q -f source --only-against --against $work/dev.jsonl --against $work/test.jsonl $work/general.jsonl -o $work/general.jsonl
python catalogues.py $work/data >$work/catalogue.jsonl
cd $work
head -n 500 cleo.txt >transcripts.txt
# weights are found on requests that are not among the recordings
jq -c --arg data "$data/audio/" '.audio = $data + .audio' "$data/audio/dev.jsonl" \
    | normalize-text --lang hi --lower --strip-punctuation >all.jsonl
head -n 200 all.jsonl >recordings.jsonl
tail -n +201 all.jsonl >others.jsonl
jq -r .target dev.jsonl | grep -vxFf <(jq -r .text all.jsonl) >held.txt
{ cat "$here/hindi-spellings.tsv"; python "$here/spellings.py" --requests english.jsonl --in-domain transcripts.txt \
    <general.jsonl; } >spellings.tsv

echo 'choosing pairs, training a translator' >&2
embed-fit -q --field target general.jsonl -o hi.bin
embed-filter -q --model hi.bin --embedding mean --in-domain transcripts.txt --keep 25% --field target general.jsonl \
    -o chosen.jsonl
align-fit -q general.jsonl -o en-hi.align
align-words --model en-hi.align -f target chosen.jsonl \
    | translate-fit -q --dev dev.jsonl --guide 0.2 --vocabulary 2000 --dimensions 128 --feed-forward 512 --layers 2,1 \
        --batch 512 --epochs 9 --updates 900 --every 300 -o en-hi/

echo 'translating and post-editing 2,000 requests' >&2
build-arpa -q --text transcripts.txt -o transcripts.arpa
keep=(--spellings spellings.tsv --keep-words "$here/hindi-particles.txt")
translate-nbest --model en-hi/ -n 5 english.jsonl | align-words --model en-hi.align \
    | lm-rescore --lm transcripts.arpa --weight 0.3 \
    | entity-restore "${keep[@]}" --spelled --catalogue catalogue.jsonl | code-mix --in-domain transcripts.txt "${keep[@]}" \
    | lm-prune --lm transcripts.arpa --keep 75% --print text | build-arpa -q --text -o translated.arpa
# the Hindi of all pairs, without what is asked of the recogniser
cut -f4 "$data/general-parallel.tsv" | normalize-text -q --text --lang hi --lower --strip-punctuation \
    | dedup -q --only-against --against recordings.jsonl --against-text held.txt | build-arpa -q --prune 0,0,1 -o general.arpa
mix=(lm-mix -q --tune held.txt)
"${mix[@]}" transcripts.arpa translated.arpa -o +translations.arpa
"${mix[@]}" transcripts.arpa general.arpa -o +general-text.arpa
"${mix[@]}" transcripts.arpa translated.arpa general.arpa -o +both.arpa

# a small network on top of hama's learns from the other 100, with more epochs than in the full experiment, as they are few;
# the weight and the word score are of that experiment
echo 'recognising 200 recordings' >&2
for part in others recordings; do ctc-emit --hama -j 2 --out-dir raw $part.jsonl -o raw-$part.jsonl; done
make-lexicon -q --language hi --token-map "$here/hindi-phones.tsv" others.jsonl -o others.lexicon
ctc-fit -q --features --lexicon others.lexicon --epochs 80 raw-others.jsonl -o acoustic.onnx
ctc-emit --model acoustic.onnx --out-dir emissions raw-recordings.jsonl -o emissions.jsonl
make-lexicon -q --language hi --arpa +both.arpa --token-map "$here/hindi-phones.tsv" --report unpronounced.jsonl /dev/null \
    -o hindi.lexicon
decode-wer -q --lexicon hindi.lexicon --lm-weight 1.2 --word-score -2.5 --lm +translations.arpa --lm +general-text.arpa \
    --lm +both.arpa --baseline-lm transcripts.arpa --reference-field text --json -j 2 emissions.jsonl >wer.json
jq -r .text emissions.jsonl >said.txt
python "$here/wer.py" said.txt wer.json {transcripts,+translations,+general-text,+both}.arpa
python "$here/bars.py" wer.json '500 transcripts, and what is added to them: 200 recordings' wer.png
echo "The same as a picture: examples/asr/$work/wer.png"
