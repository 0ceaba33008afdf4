"""All benchmarks in one run, their rows in one table: table.py [-o FILE] [SCRIPT ...]

Writes docs/benchmarks.md unless told otherwise, whole or not at all; a script that fails is named there, and the exit
status is 1.  With BENCH_SHARE=0.01 the scripts are tried on a hundredth of their inputs.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path

from measure import HERE, SCRATCH, SHARE, machine

SCRIPTS = (
    "startup", "ngram_score", "select_topk", "dedup", "nlu_label", "slot_template", "paraphrase_score",
    "paraphrase_diverse", "ngram_diverse", "facility", "normalize_text", "build_arpa", "lm_score", "lm_rescore",
    "embed_filter", "translate_fit", "translate_nbest", "align_words", "post_editing", "decode_wer", "decode_ctc",
    "formats", "growth",
)  # fmt: skip
PACKAGES = (
    "numpy", "scipy", "msgspec", "orjson", "onnxruntime", "ctranslate2", "ufal-kenlm", "ufal-flashlight-text",
    "python-crfsuite", "sacremoses", "torch", "scikit-learn", "apricot-select", "jiwer", "rapidfuzz", "pyctcdecode",
    "pandas", "pyarrow", "csvkit", "datasketch", "rensa", "indic-nlp-library",
)  # fmt: skip


def main(words: list[str]) -> int:
    target = HERE.parent.parent / "docs" / "benchmarks.md"
    if words[:1] == ["-o"]:
        target, words = Path(words[1]), words[2:]
    SCRATCH.mkdir(parents=True, exist_ok=True)
    rows = SCRATCH / "rows.jsonl"
    rows.write_text("")
    loads, failed = [], []
    for script in words or SCRIPTS:
        print(f"\n== {script}", flush=True)
        loads.append(os.getloadavg()[0])
        command, environment = [sys.executable, HERE / f"{script}.py"], {**os.environ, "BENCH_ROWS": str(rows)}
        if subprocess.run(command, cwd=HERE, env=environment).returncode:
            failed.append(script)
    part = target.with_suffix(".part")
    left_out = [script for script in SCRIPTS if words and script not in words]
    part.write_text(page([json.loads(line) for line in rows.open()], loads, left_out, failed))
    part.rename(target)
    return 1 if failed else 0


def page(rows: list[dict], loads: list[float], left_out: list[str], failed: list[str]) -> str:
    """The document; ``loads``: load averages."""
    release = platform.release().partition("-")[0]
    parts = [
        "# Benchmarks\n\n"
        "Made by `make bench`: whole processes, start-up included, in turn after a warm-up (but for runs of minutes).\n"
        "Figures are medians; ratios are pair by pair, with the lowest and the highest. Peak memory is that of the\n"
        "largest process.\n"
        "Records a second are of CPU time (user and system). What each script does stands in `tools/bench`.\n\n"
        f"{machine()}; Linux {release}; {date.today()}; datasel {_commit()}.\n"
        + f"Load average before each script, its own runs included: {min(loads):.1f} to {max(loads):.1f}.\n"
        + f"Not run: {', '.join(left_out)}.\n" * bool(left_out)
        + f"Failed, with rows missing: {', '.join(failed)}.\n" * bool(failed)
        + f"Inputs of {SHARE:g} times the size: a trial of the scripts, no measurement.\n" * (SHARE != 1)
        + f"\n{', '.join(_versions())}.\n"
    ]
    for (script, title), group in groupby(rows, key=lambda row: (row["script"], row.get("title"))):
        some = list(group)
        if title is None:
            parts += ["\n" + "".join(f"{row['note'].strip()}  \n" for row in some)]
            continue
        parts.append(
            f"\n## {title} (`{script}.py`, {some[0]['runs']} runs)\n\n"
            f"| | wall s | CPU s | peak MB | records/s | times faster than {_cell(some[0]['base'])} | by CPU time |\n"
            "|---|---|---|---|---|---|---|\n"
        )
        for row in some:
            speed = f"{row['speed']:,}" if row["speed"] else ""
            cpu = f"{row['cpu']:.3f}" if row["cpu"] == row["cpu"] else ""
            spreads = (_ratio(row["faster"][figure]) for figure in ("wall", "cpu"))
            parts.append(
                f"| {_cell(row['name'])} | {row['wall']:.3f} | {cpu} | {row['peak']:,.0f} | {speed} | "
                + " | ".join(spreads)
                + " |\n"
            )
    return "".join(parts)


def _ratio(spread: list[float]) -> str:
    return "{:.2f} ({:.2f} to {:.2f})".format(*spread) if spread[0] == spread[0] else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _commit() -> str:
    run = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=HERE, capture_output=True, text=True)
    return run.stdout.strip() or version("datasel")


def _versions() -> list[str]:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
