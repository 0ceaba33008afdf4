"""entity-restore and code-mix, 20,000 translations of one entity each; jq, which only parses and writes, as the floor.

No other tool does what they do. Aim: 20,000 records a second.
"""

from measure import SCRATCH, input_file, machine, once, versus

count, domain = 20_000, SCRATCH / "in-domain.txt"
translated = input_file("translated", count)
once(f"head -n 5000 {input_file('devanagari', 100_000)} > {domain}")

print(machine())
versus(f"post-editing, {count:,} translations", {
    "jq: parse and write": f"jq -c . {translated}",
    "entity-restore": f"entity-restore {translated}",
    "entity-restore, another value": f"entity-restore --catalogue <(head -n 1000 {translated}) {translated}",
    "code-mix": f"code-mix --in-domain {domain} {translated}",
}, "jq: parse and write", runs=3, records=count)  # fmt: skip
