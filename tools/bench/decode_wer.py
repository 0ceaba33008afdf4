"""decode-wer against jiwer alone, and against the distances of words alone, on the same lists, 100,000 utterances.

Aim: four times as fast as jiwer with CER and the interval besides, and at most twice the time of rapidfuzz, which
counts nothing but distances.
"""

from measure import HERE, input_file, machine, versus

count = 100_000
said, heard = input_file("text", count), input_file("misheard", count)
references, hypotheses = input_file("jsonl", count), input_file("misheard-jsonl", count)

ours = f"decode-wer --reference {references} --reference-field text"

print(machine())
versus(f"decode-wer, {count:,} utterances", {
    "jiwer.process_words": f"python {HERE}/bare_jiwer.py {said} {heard}",
    "rapidfuzz alone": f"python {HERE}/bare_rapidfuzz.py {said} {heard}",
    "decode-wer --format text": f"decode-wer --format text --reference {said} {heard}",
    "decode-wer": f"{ours} {hypotheses}",
    "decode-wer --baseline": f"{ours} --baseline {hypotheses} {hypotheses}",
}, "jiwer.process_words", runs=3)  # fmt: skip
