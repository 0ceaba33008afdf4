"""decode-wer on emissions against pyctcdecode, both with KenLM, 300 utterances, 30,000 words, a 3-gram.

Aim: 3 times faster at the same WER; --jobs 2 at 1.7 times. Constant memory: little more for four times the input. The
beams are those at which either has the WER that a wider one has.
"""

import json
import subprocess
import sys

from measure import BIN, HERE, SCRATCH, input_file, machine, note, once, versus

folder, longer = SCRATCH / "speech", SCRATCH / "speech" / "longer.jsonl"
if not (folder / "emissions.jsonl").exists():
    subprocess.run([sys.executable, HERE / "emitted.py", "300", folder], check=True)
lines = (folder / "emissions.jsonl").read_text().splitlines(True)
with longer.open("w") as file:
    for part in range(4):
        file.writelines(json.dumps({**json.loads(line), "id": f"{part}-{n}"}) + "\n" for n, line in enumerate(lines))
model, lexicon = folder / "words.arpa", folder / "words.lexicon"
once(f"build-arpa --text --order 3 --smoothing witten-bell {input_file('text', 100_000)} -o {model}")
ours = f"decode-wer --json --lexicon {lexicon} --lm {model} --lm-weight 0.8 --word-score -1"
peer = f"python {HERE}/bare_pyctcdecode.py {folder}/emissions.jsonl {model} {lexicon}"

print(machine())
for name, command in {
    "decode-wer, beam 100": f"{ours} {folder}/emissions.jsonl",
    "decode-wer, beam 25": f"{ours} --beam 25 {folder}/emissions.jsonl",
    "pyctcdecode, beam 100": f"{peer} 100 2>/dev/null | decode-wer --json",
    "pyctcdecode, beam 25": f"{peer} 25 2>/dev/null | decode-wer --json",
}.items():
    path = f"PATH={BIN}:$PATH"
    made = subprocess.run(["bash", "-c", f"{path}; {command}"], check=True, capture_output=True).stdout
    note(f"{name}: WER {json.loads(made)['all']['WER']:.4f}")
versus("300 utterances, from emissions to words", {
    "pyctcdecode, beam 100": f"{peer} 100 2>/dev/null",
    "pyctcdecode, beam 25": f"{peer} 25 2>/dev/null",
    "decode-wer": f"{ours} {folder}/emissions.jsonl",
    "decode-wer --beam 25": f"{ours} --beam 25 {folder}/emissions.jsonl",
    "decode-wer --jobs 2": f"{ours} -j 2 {folder}/emissions.jsonl",
    "decode-wer, 1,200 utterances": f"{ours} {longer}",
    "the same, --jobs 2": f"{ours} -j 2 {longer}",
}, "pyctcdecode, beam 100", runs=3)  # fmt: skip
