#!/usr/bin/env bats
load helper

names() { datasel --help | sed -n '/^Commands/,/^$/s/^  \([a-z-]*\) .*/\1/p'; }

@test "datasel alone lists the commands, as --help does" {
    datasel > alone
    datasel --help > help
    same alone help
    run names
    assert_line ngram-fit
    assert_line nlu-eval
}

# bats test_tags=slow
@test "every command listed is an executable of its own with the same manual" {
    names > listed
    for name in $(< listed); do
        "$name" --help > own
        datasel "$name" --help > shared
        same own shared
        assert_equal "$("$name" --version)" "$(datasel --version | sed "s/^datasel/$name/")"
    done
}

@test "every command listed has a man page and is known to the completions" {
    root=$BATS_TEST_DIRNAME/../..
    names > listed
    for name in $(< listed) datasel; do
        assert_file_contains "$root/man/$name.1" "^\.TH "
        for script in bash/datasel zsh/_datasel fish/datasel.fish; do
            assert_file_contains "$root/completions/$script" "$name"
        done
    done
}

@test "a name that is nearly one is pointed out" {
    run -2 datasel ngram-scroe pool.jsonl
    assert_output --partial "did you mean ngram-score"
    run -2 datasel --nonesuch
    assert_output --partial "Try 'datasel --help'"
}

@test "a wrong option is the command's own to complain of" {
    run -2 datasel select-topk --bye ngram_score
    assert_line --index 0 --regexp '^select-topk: .*--by'
    run -2 select-topk --bye ngram_score
    assert_line --index 0 --regexp '^select-topk: .*--by'
}

@test "exit statuses come through" {
    run -0 datasel select-topk --keep 0% --by x /dev/null
    run -1 datasel select-topk -k 1 --by x missing.jsonl
    assert_output 'select-topk: missing.jsonl: No such file or directory'
    run -2 datasel select-topk --by x pool.jsonl
}

@test "a wrong call of a command of its own is told under its name" {
    run -2 datasel encoder --foo
    assert_line "Try 'datasel encoder --help'."
}
