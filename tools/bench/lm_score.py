"""lm-score and lm-prune against KenLM's query: a million sentences under a 4-gram model in KenLM's binary format.

Aim: at most 1.3 times query's time.
"""

from measure import HERE, SCRATCH, input_file, machine, once, sized, versus

kenlm = HERE.parent.parent / "build" / "kenlm" / "bin"
text, records = input_file("corpus", 1_000_000), SCRATCH / f"corpus-records-{sized(1_000_000)}"
arpa, model = SCRATCH / f"corpus-{sized(1_000_000)}.arpa", SCRATCH / f"corpus-{sized(1_000_000)}.bin"
if not records.exists():
    once(f"normalize-text --text {text} >{records}")
if not model.exists():
    once(f"build-arpa --text {text} -o {arpa} && {kenlm}/build_binary probing {arpa} {model} >/dev/null 2>&1")

print(machine())
versus("1,000,000 sentences, 8.5 million words", {
    "query": f"{kenlm}/query {model} <{text} 2>/dev/null",
    "query -v summary": f"{kenlm}/query -v summary {model} <{text} 2>/dev/null",
    "lm-score --text": f"lm-score --lm {model} --text {text}",
    "lm-score --text --print lm_score": f"lm-score --lm {model} --text --print lm_score {text}",
    "lm-score, JSON Lines": f"lm-score --lm {model} {records}",
    "lm-score --text --summary": f"lm-score --lm {model} --text --summary {text}",
    "lm-prune --text --threshold": f"lm-prune --lm {model} --text --print text --threshold -1.5 {text}",
    "lm-prune --text --keep 75%": f"lm-prune --lm {model} --text --print text --keep 75% {text}",
}, "query", runs=3)  # fmt: skip
