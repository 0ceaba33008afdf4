# What every test file loads.  A test runs in a folder of its own with the samples in it, under pipefail.
bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
bats_load_library bats-file

setup_file() {
    set -o pipefail
    cp -rH "$BATS_TEST_DIRNAME/../../examples/samples" "$BATS_FILE_TMPDIR/data"
    cd "$BATS_FILE_TMPDIR/data" || return
    prepare
}

setup() {
    set -o pipefail
    cp -r "$BATS_FILE_TMPDIR/data/." "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return
}

# A test file's own: makes once, among the samples, the files that its tests start from.
prepare() { :; }

# Both files are the same, byte for byte.
same() { assert_files_equal "$1" "$2"; }

# The condition, a jq program over the array of all records from standard input, is true.
holds() {
    local answer
    answer=$(jq --slurp "$1")
    assert_equal "$answer" true
}

# Vectors of an encoder or of a file, for commands that take both: encoder and vectors are functions of the test, which call
# its command with --encoder encoder.onnx and with --vectors pool.npy.

# Makes them: encoder.onnx, and what it says of pool.jsonl and seed.jsonl.
encoded() {
    datasel encoder --network network.onnx --tokenizer pieces.model -o encoder.onnx
    embed-texts --encoder encoder.onnx pool.jsonl -o pool.npy
    embed-texts --encoder encoder.onnx seed.jsonl -o seed.npy
}

# Both write the same, with something held and with nothing; what they write of the pool is in one.
same_vectors() {
    encoder --held seed.jsonl pool.jsonl > one
    vectors --held seed.jsonl --held-vectors seed.npy pool.jsonl > other
    same one other
    encoder pool.jsonl > one
    vectors pool.jsonl > other
    same one other
}

# A bad line has a row that nothing takes: after same_vectors, the 41st of the pool.
rows_of_bad_lines() {
    { head -n 40 pool.jsonl; echo '{}'; tail -n +42 pool.jsonl; } > bad
    vectors --rejects rejects.tsv bad > with
    grep -vFx -f <(sed -n 41p pool.jsonl) one | head -n 5 > before
    head -n 5 with > first
    [ "$(cut -f2 rejects.tsv)" = 41 ]
    run ! grep -qFx -f <(sed -n 41p pool.jsonl) with
}

# The command "$1", which the function of_vectors calls, refuses arrays that do not fit by their names.
refused_vectors() {
    python3 -c '
import numpy
numpy.save("three.npy", numpy.eye(3))
numpy.save("four.npy", numpy.eye(4))
numpy.save("whole.npy", numpy.eye(3, dtype=int))
numpy.save("nan.npy", numpy.where(numpy.eye(3) > 0, float("nan"), 1))
'
    head -n 3 pool.jsonl > three
    head -n 4 pool.jsonl > four
    run -1 of_vectors --vectors four.npy three
    assert_output "$1: four.npy has 4 rows; the input has 3 lines"
    run -1 of_vectors --vectors three.npy four
    assert_output "$1: three.npy has 3 rows; the input has more lines"
    run -1 of_vectors --vectors three.npy --held four --held-vectors four.npy three
    assert_output "$1: four.npy: 4 dimensions, not 3"
    run -1 of_vectors --vectors three.npy --held four --held-vectors three.npy three
    assert_output "$1: three.npy has 3 rows; what is held has more lines"
    run -1 of_vectors --vectors nan.npy three
    assert_output "$1: nan.npy: row 1: a component is no number, or above 128; scale the vectors"
    run -1 of_vectors --vectors whole.npy three
    assert_output "$1: whole.npy: not a matrix of floats, a row a line"
    run -1 of_vectors --vectors three three
    assert_output "$1: three: not a whole array of numpy (.npy)"
    run -2 of_vectors --vectors three.npy --encoder encoder.onnx three
    assert_line "$1: give one of --model, --vectors and --encoder"
    run -2 of_vectors --vectors three.npy --held four three
    assert_line "$1: what is held takes --held-vectors where the input takes --vectors, and only there"
    run -2 of_vectors --vectors three.npy --held-vectors three.npy three
    run -2 of_vectors --encoder encoder.onnx --held four --held-vectors four.npy three
}
