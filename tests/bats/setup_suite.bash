# Once for all files: the commands run by warm interpreters, which saves most of a run's time (tests/programs.py).  With
# DATASEL_INSTALLED=1, as in 'make test-all', they are the programs that are installed.
setup_suite() {
    [ -n "${DATASEL_INSTALLED-}" ] && return
    PATH=$(python "$BATS_TEST_DIRNAME/../programs.py" "$BATS_SUITE_TMPDIR"):$PATH
    export PATH
}
