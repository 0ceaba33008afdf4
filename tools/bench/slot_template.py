"""slot-template against jq, 100,000 annotated utterances of one slot each.

jq takes the offsets on trust; slot-template checks them. Aim: 20,000 records a second, and faster than jq.
"""

from measure import SCRATCH, input_file, machine, once, sized, versus

count = 100_000
annotated, templates = input_file("annotated", count), SCRATCH / f"templates-{sized(count)}.jsonl"
once(f"slot-template {annotated} -o {templates}")
cut = '.slots[0] as $s | .template = .text[:$s.start] + "[" + $s.name + "]" + .text[$s.end:]'

print(machine())
versus(f"slot-template, {count:,} utterances", {
    "jq, the same": f"jq -c '{cut}' {annotated}",
    "slot-template": f"slot-template {annotated}",
}, "jq, the same", runs=3, records=count)  # fmt: skip
versus(f"slot-template --fill, {count:,} templates", {
    "jq: parse and write": f"jq -c . {templates}",
    "slot-template --fill": f"slot-template --fill <(head -n 1000 {annotated}) {templates}",
}, "jq: parse and write", runs=3, records=count)  # fmt: skip
