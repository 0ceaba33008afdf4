#!/usr/bin/env bash
# The main job, reduced: one functionality, one draw of 50 annotated utterances. demo.sh [FOLDER of the real data]
set -euo pipefail
intent=PlayMusic
if [ -n "${1:-}" ]; then
    make --no-print-directory work/data/.made >&2
    export DATA=work/data
    echo "Real data: SNIPS $intent, 50 annotated utterances, a pool of $(wc -l <$DATA/pool.jsonl) unlabelled ones."
else
    mkdir -p work
    export DATA=work/sample RELEVANT=300 CHOSEN=150
    mkdir -p $DATA
    cp ../samples/seed.jsonl $DATA/$intent.jsonl
    cp ../samples/test.jsonl $DATA/$intent.test.jsonl
    cp ../samples/pool.jsonl $DATA/pool.jsonl
    echo "Sample data written for this repository (too small for more than a look):" \
        "$intent, a pool of $(wc -l <$DATA/pool.jsonl) unlabelled utterances."
fi
if [ -s work/minilm-3.onnx ] || datasel encoder --minilm --layer 3 -o work/minilm-3.onnx 2>/dev/null; then
    export ENCODER=work/minilm-3.onnx RELEVANT=${RELEVANT:-2000}
    echo "The teacher knows words in context: all-MiniLM-L6-v2, from installed packages (nlu-fit --encoder)."
else
    echo "No encoder is installed; the teacher knows word classes only. ('datasel encoder --help' says how to get one.)"
fi
cat <<'E2'
  ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz
  ngram-score --model relevance.npz pool.jsonl | select-topk -k 5000 --by ngram_score --sorted > relevant.jsonl
  nlu-fit seed.jsonl --unlabelled relevant.jsonl [--encoder minilm.onnx] -o teacher.nlu
  head -n 1000 relevant.jsonl | nlu-label --model teacher.nlu [--encoder minilm.onnx] | cat seed.jsonl - | nlu-fit -o system.nlu
  nlu-fit seed.jsonl -o baseline.nlu
  nlu-label --model baseline.nlu test.jsonl > baseline-hyp.jsonl
  nlu-label --model system.nlu test.jsonl | nlu-eval --reference test.jsonl --baseline baseline-hyp.jsonl
E2
out=work/demo/$intent-50-1
rm -rf work/demo
./cell.sh $intent 50 1 test $out
echo
echo "What the filter found in the pool, the most relevant first:"
select-topk -k 4 --by ngram_score --sorted --print text $out/relevant.jsonl | sed 's/^/  /'
echo
nlu-eval --reference $DATA/$intent.test.jsonl --baseline $out/baseline.hyp.jsonl $out/system.hyp.jsonl
echo
python table.py --data $DATA --runs work/demo --out work/demo/table
echo 'The same as a picture: examples/nlu/work/demo/table.png'
