#!/usr/bin/env bats
load helper

fit() { embed-fit --dim 8 --buckets 200 --min-count 1 --epochs 2 "$@"; }

@test "the same call makes the same bytes, another seed others" {
    fit pool.jsonl -o one.bin
    fit < pool.jsonl > two.bin
    same one.bin two.bin
    fit --seed 2 pool.jsonl > three.bin
    run -1 cmp -s one.bin three.bin
}

@test "fastText loads the model, and its words are those of the text" {
    fit --text corpus.txt -o model.bin
    run -0 python -c '
import fasttext
model = fasttext.load_model("model.bin")
print(model.get_dimension(), *sorted(model.get_words())[:3], model.get_nearest_neighbors("wake") != [])'
    assert_output "8 </s> $(tr -s ' ' '\n' < corpus.txt | LC_ALL=C sort -u | head -n 2 | xargs) True"
}

@test "the description is the last line, with the signature" {
    fit --text corpus.txt --signature -o model.bin 2> said
    tail -n 1 model.bin | sed 's/^datasel //' | jq -r .signature > written
    same <(sed 's/^embed-fit: //' said) written
    assert_equal "$(tail -n 1 model.bin | sed 's/^datasel //' | jq -c '[.settings.dim, .settings.buckets]')" '[8,200]'
}

@test "text, JSON Lines and a column of TSV are the same text" {
    fit --text corpus.txt | head -c 2000 > text
    jq -Rc '{target: .}' corpus.txt | fit --field target | head -c 2000 | cmp - text
    sed 's/^/some source\t/' corpus.txt | fit --tsv source,target --field target | head -c 2000 | cmp - text
}

@test "wrapping changes how often words came, and no vector" {
    fit pool.jsonl -o pool.bin
    embed-fit --wrap pool.bin --text corpus.txt -o wrapped.bin
    for model in pool wrapped; do
        for embedding in mean sif; do
            embed-filter --model $model.bin --embedding $embedding --in-domain corpus.txt --keep 100% \
                --print embed_distance pool.jsonl > $model.$embedding
        done
    done
    same pool.mean wrapped.mean
    run -1 cmp -s pool.sif wrapped.sif
}

@test "a .vec is wrapped too" {
    printf '3 2\nwake 1 0\nme 0 1\nup 0.5 0.5\n' > small.vec
    embed-fit --wrap small.vec --text corpus.txt -o small.npz
    printf 'Wake up!\nmy friend\n' > texts
    embed-filter --model small.npz --embedding mean --in-domain <(echo wake) --out-domain <(echo me) --text --keep 100% texts > made
    # |(0.75, 0.25) - (1, 0)| - |(0.75, 0.25) - (0, 1)|, and 1 - 1
    assert_equal "$(jq -c .embed_distance made | xargs)" '-0.707107 0'
}

@test "nothing to learn from, or nothing to wrap, is an error" {
    run -1 fit --text <(echo '?!')
    assert_output 'embed-fit: no words to learn from'
    run -1 embed-fit --min-count 50 --text <(echo 'one two')
    assert_output --partial 'does no word come 50 times?'
    run -1 embed-fit --wrap pool.jsonl --text corpus.txt
    assert_output --partial 'embed-fit: pool.jsonl:1: neither'
    run -2 embed-fit --min-n 4 --max-n 3 pool.jsonl
    run -2 embed-fit --text --tsv a,b pool.jsonl
    run -2 embed-fit --tsv a,,b pool.jsonl
}
