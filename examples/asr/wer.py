"""Tables of WER from what decode-wer --json wrote of several language models.

    wer.py TEXT RESULTS.json MODEL.arpa ...     a row a model, with its perplexity and OOV rate on TEXT
    wer.py --scenarios RECORDS RESULTS.json TRANSCRIPTS MODEL    a row a scenario: the baseline's WER and the MODEL's

WERR is the relative reduction of the baseline's WER, its 95 % interval from bootstrap samples of utterances, P the
probability of improvement. Perplexity is that of all words, those unknown to the model at its probability of <unk>.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path


def main() -> None:
    if sys.argv[1] == "--scenarios":
        scenarios(*sys.argv[2:])
    else:
        models(sys.argv[1], systems(sys.argv[2]), sys.argv[3:])


def systems(path: str) -> dict[str, dict]:
    found = json.loads(Path(path).read_text())
    return found["systems"]


def models(text: str, found: dict[str, dict], paths: list[str]) -> None:
    head = f"{'language model':<46}{'WER':>8}{'interval':>18}{'WERR':>8}{'interval':>18}{'P':>7}"
    print(f"{head}{'perplexity':>12}{'OOV':>8}")
    for path in paths:
        name = Path(path).name
        row = found[name]
        low, high = row["all"]["WER_interval"]
        label = name.removesuffix(".arpa").removesuffix(".mix")
        told = f"{label:<46}{row['all']['WER']:>8.4f}{f'{low:.4f}-{high:.4f}':>18}"
        if compared := row["comparison"]:
            low, high = compared["interval"]
            told += f"{compared['relative_reduction']:>8.1%}{f'{low:+.1%} {high:+.1%}':>18}"
            told += f"{compared['probability_of_improvement']:>7.3f}"
        else:
            told += f"{'-':>8}{'-':>18}{'-':>7}"
        summary = ["lm-score", "--summary", "--text", "--lm", path, text]
        figures = json.loads(subprocess.run(summary, check=True, capture_output=True).stdout)
        print(f"{told}{figures['perplexity']:>12.1f}{figures['oov_rate']:>8.2%}")


def scenarios(records: str, results: str, transcripts: str, model: str) -> None:
    found = systems(results)
    baseline, system = next(iter(found.values()))["by"]["scenario"], found[model]["by"]["scenario"]
    known = set(Path(transcripts).read_text(encoding="utf-8").split())
    words, unknown = Counter(), Counter()
    for line in Path(records).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        words[record["scenario"]] += len(record["text"].split())
        unknown[record["scenario"]] += sum(word not in known for word in record["text"].split())
    print(f"{'scenario':<18}{'utterances':>11}{'coverage':>10}{'baseline':>10}{'WER':>8}{'WERR':>8}")
    for name in sorted(words, key=lambda name: 1 - unknown[name] / words[name]):
        old, new = baseline[name]["WER"], system[name]["WER"]
        told = f"{(old - new) / old:>8.1%}" if old else f"{'-':>8}"
        coverage = 1 - unknown[name] / words[name]
        print(f"{name:<18}{baseline[name]['utterances']:>11}{coverage:>10.1%}{old:>10.4f}{new:>8.4f}{told}")


if __name__ == "__main__":
    main()
