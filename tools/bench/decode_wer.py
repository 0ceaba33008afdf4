"""decode-wer against jiwer alone on the same lists, 100,000 utterances.

Aim: at most 1.5 times its time, with CER, the interval and the alignments of every utterance kept.
"""

from measure import HERE, input_file, machine, versus

count = 100_000
said, heard = input_file("text", count), input_file("misheard", count)
references, hypotheses = input_file("jsonl", count), input_file("misheard-jsonl", count)

ours = f"decode-wer --reference {references} --reference-field text"

print(machine())
versus(f"decode-wer, {count:,} utterances", {
    "jiwer.process_words": f"python {HERE}/bare_jiwer.py {said} {heard}",
    "decode-wer --format text": f"decode-wer --format text --reference {said} {heard}",
    "decode-wer": f"{ours} {hypotheses}",
    "decode-wer --baseline": f"{ours} --baseline {hypotheses} {hypotheses}",
}, "jiwer.process_words", runs=3)  # fmt: skip
