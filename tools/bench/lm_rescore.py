"""lm-rescore against a plain loop around KenLM and json, 20,000 lists of five; jq, which only parses, as the floor.

Aim: 20,000 lists a second, and faster than the loop.
"""

from measure import HERE, SCRATCH, input_file, machine, once, versus

count, model = 20_000, SCRATCH / "rescoring.arpa"
lists = input_file("nbest", count)
once(f"build-arpa --text --order 3 --smoothing witten-bell {input_file('text', 100_000)} -o {model}")

print(machine())
versus(f"lm-rescore, {count:,} lists of five hypotheses", {
    "jq: the first of each": f"jq -c '.nbest[0]' {lists}",
    "loop around KenLM": f"python {HERE}/bare_rescore.py {model} {lists} 2>/dev/null",
    "lm-rescore": f"lm-rescore --lm {model} {lists}",
    "lm-rescore --all": f"lm-rescore --lm {model} --all {lists}",
}, "loop around KenLM", runs=3, records=count)  # fmt: skip
