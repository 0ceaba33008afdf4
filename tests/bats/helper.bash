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
