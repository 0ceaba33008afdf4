#!/usr/bin/env bats
load helper

prepare() { head -n 60 pool.jsonl > added.jsonl; }

plot() { embed-plot --method pca "$@"; }

@test "three formats, each what it says" {
    for format in png svg html; do plot --held seed.jsonl --format "$format" added.jsonl -o "picture.$format"; done
    assert_equal "$(head -c 8 picture.png | od -An -tx1 | tr -d ' ')" 89504e470d0a1a0a
    assert_equal "$(head -c 5 picture.svg)" '<?xml'
    assert_equal "$(head -c 15 picture.html)" '<!DOCTYPE html>'
    plot --held seed.jsonl added.jsonl > default
    same picture.png default
}

@test "HTML holds every utterance" {
    echo '{"text": "say \"<b>\" & \u0027smile\u0027 🎵"}' >> added.jsonl
    plot --held seed.jsonl --format html added.jsonl |
        sed -n 's/.*<circle [^>]*><title>\(.*\)<\/title>.*/\1/p' > shown
    cat seed.jsonl added.jsonl | jq -r .text |
        sed "s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/\"/\&quot;/g; s/'/\&#x27;/g" > texts
    same texts shown
}

@test "plain text is its records" {
    plot added.jsonl -o records.png
    jq -r .text added.jsonl | plot --text > text.png
    same records.png text.png
}

# bats test_tags=slow
@test "what is held looks different, and so does what a model sees" {
    paraphrase-pairs -n 200 annotated.jsonl > pairs.jsonl
    paraphrase-fit -q --dev pairs.jsonl --threads 1 --epochs 1 --hidden 8 --embedding 8 --dimensions 8 --buckets 1024 \
        pairs.jsonl -o model.onnx
    cat seed.jsonl added.jsonl | plot -o added.png
    plot --held seed.jsonl added.jsonl -o held.png
    plot --held seed.jsonl --model model.onnx added.jsonl -o model.png
    run ! cmp -s added.png held.png
    run ! cmp -s model.png held.png
}

@test "--sample draws some, always the same, and says so" {
    run -0 --separate-stderr plot --sample 20 --format html pool.jsonl
    assert_equal "$(grep -c '<circle' <<< "$output")" 20
    assert_equal "${stderr?}" "embed-plot: drawing 20 of $(wc -l < pool.jsonl) added utterances"
    first=$output
    run -0 --separate-stderr plot -q --sample 20 --format html pool.jsonl
    assert_equal "$output" "$first"
    assert_equal "$stderr" ''
    run -0 plot -q --sample 20 --seed 2 --format html pool.jsonl
    assert_not_equal "$output" "$first"
}

@test "a title is text, not markup" {
    run -0 plot --format html --title 'a <b> & $\frac$' added.jsonl
    assert_line --partial '<title>a &lt;b&gt; &amp; $\frac$</title>'
}

@test "two utterances are too few, three of the same are not" {
    run -1 plot --text <<< $'one\ntwo'
    assert_output 'embed-plot: a picture takes three utterances at least'
    for method in pca tsne; do
        run -0 --separate-stderr embed-plot --method "$method" --text -o same.png <<< $'one\none\none'
        assert_equal "${stderr?}" ''
    done
}

@test "what is held may be plain text" {
    jq -r .text seed.jsonl > seed.txt
    plot --format svg --held seed.jsonl added.jsonl > records.svg
    plot --format svg --held-text seed.txt added.jsonl > text.svg
    same records.svg text.svg
}

# bats test_tags=slow
@test "vectors of a file are those of the encoder that made them" {
    encoder() { plot --format html --encoder encoder.onnx "$@"; }
    vectors() { plot --format html --vectors pool.npy "$@"; }
    encoded
    same_vectors
}

# bats test_tags=slow
@test "vectors that do not fit are refused by name" {
    of_vectors() { plot --format html "$@"; }
    refused_vectors embed-plot
}

@test "--sample holds for what is held, too" {
    run -0 --separate-stderr embed-plot --method pca --sample 20 --held annotated.jsonl seed.jsonl -o few.png
    assert_equal "${stderr_lines[1]?}" "embed-plot: drawing 20 of $(wc -l < annotated.jsonl) annotated utterances"
}

@test "vectors of one dimension are a line" {
    python -c 'import numpy as np; np.save("line.npy", np.arange(60, dtype=np.float32)[:, None])'
    plot --vectors line.npy added.jsonl | head -c 4 | grep -q PNG
}
