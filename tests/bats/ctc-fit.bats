#!/usr/bin/env bats
load helper

SMALL='--epochs 6 --batch 2 --hidden 16 --layers 1 --rate 0.01 --dropout 0'

@test "it learns to tell tones" {
    # shellcheck disable=SC2086  # words
    ctc-fit -v $SMALL --lexicon tones.lexicon --dev tones-dev.jsonl tones.jsonl -o tones.onnx 2> said
    rate=$(sed -n 's/.*kept: dev token error rate //p' said)
    awk "BEGIN { exit !($rate < 0.2) }"
}

@test "what cannot be learned is named" {
    run -1 ctc-fit --lexicon <(echo 'low	L') tones.jsonl -o never.onnx
    assert_output "ctc-fit: tones.jsonl:1: the lexicon has no 'mid'"
    echo '{"audio":"tones/00.wav","text":" "}' > silent.jsonl
    run -1 ctc-fit --dev silent.jsonl tones.jsonl -o never.onnx
    assert_output 'ctc-fit: nothing is said in the --dev utterances'
    printf '{"audio":"tones/00.wav","text":"%0100d"}\n' 0 > long.jsonl
    run -1 ctc-fit long.jsonl -o never.onnx
    assert_output --partial 'long.jsonl:1: what is said needs 201 frames, and there are '
    jq -c '.text = "low-mid"' tones.jsonl > hyphens.jsonl
    run -1 ctc-fit -o never.onnx hyphens.jsonl
    assert_output "ctc-fit: hyphens.jsonl:1: '-' is the name of blank, not a character"
    run -1 ctc-fit -q --rate 1e30 --epochs 2 --hidden 8 --layers 1 --lexicon tones.lexicon tones.jsonl -o never.onnx
    assert_output --partial 'its loss is no number any more'
    run -1 ctc-fit -o never.onnx /dev/null
    assert_output 'ctc-fit: no utterances'
    assert_not_exists never.onnx
}

@test "characters are the tokens where there is no lexicon" {
    ctc-fit -q --epochs 1 --hidden 8 tones.jsonl -o letters.onnx
    ctc-emit --model letters.onnx --out-dir made tones.jsonl > /dev/null
    python -c 'import numpy; print(*numpy.load("made/tones-00.npz")["tokens"])' > tokens
    assert_equal "$(cat tokens)" '- sil a d e f g h i l m o r s w'
}
