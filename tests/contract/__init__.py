"""The contract: what every command of the suite keeps, tested over the registry.

A command is held to it by being in the registry and having an entry in ``calls.py``; which tests apply is read off
its options.  The behaviours are numbered:

1 no FILE: stdin to stdout.  2 "-" is stdin or stdout.  3 several FILEs in order, a missing one is named.
4 "--" ends options.  5 --opt=value, grouped short options, "did you mean".  6 --help at once, to stdout, exit 0.
7 --version to stdout.  8 says on stderr that it waits for a terminal.  9 only data on stdout.
10 errors are "NAME: FILE:LINE: reason".  11 silent on success; -q, -v.  12 progress only on a terminal's stderr.
13 line-buffered on a terminal and with --line-buffered.  14 constant memory, or the manual says so.
15 exit 0 done, 1 bad data or model, 2 wrong call.  16 a closed pipe ends it by SIGPIPE, silently.
17 Ctrl-C: 130 and no partial file.  18 a failed write is an error.  19 safe under pipefail and make.
20 nothing is dropped silently; --rejects.  21 output in input order.  22 stable ties.  23 same seed, same bytes.
24 --jobs changes speed only.  25 --signature.  26 the locale changes nothing.  27 bad UTF-8 is reported with its line.
28 only LF ends a record.  29 an unterminated last line counts; output ends in LF.  30 empty in, empty out; an undefined
result is an error.  31 a blank line: a record of text, an error in JSON Lines.  32 no length limits.
33 NUL is an ordinary character.  34 strict JSON; unknown fields pass through.  35 one spelling of every flag.
36 the format is a flag, never sniffed.  37 gz, bz2, xz and zst by their magic bytes.  38 -o is atomic.
39 no network; TMPDIR.  40 manual, completions and --help from one source.
"""
