"""The report on a recogniser as one page of HTML that needs no other file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from datasel.evaluation.asr_report import Report, remarks, tables, wrong
from datasel.evaluation.word_error import Step

_HEAD = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Word error rate</title>
<style>
body { font-family: sans-serif; margin: 2em; }
table { border-collapse: collapse; margin-bottom: 1em; }
th, td { padding: 0.2em 0.7em; text-align: right; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; }
del { color: #a00; background: #fdd; }
ins { color: #060; background: #dfd; text-decoration: none; }
small { color: #666; }
</style></head><body>
"""


def to_html(report: Report, signature: str) -> bytes:
    """Tables, comparison and every utterance with errors: what was said in red, what was heard instead in green."""
    parts = [_HEAD]
    for head, rows in tables(report):
        lines = [_row("th", head), *(_row("td", row) for row in rows)]
        parts.append("<table>\n" + "".join(lines) + "</table>\n")
    parts += [f"<p>{escape(line)}</p>\n" for line in remarks(report)]
    for name, errors, steps in wrong(report):
        counts = " ".join(f"{kind} {count}" for kind, count in zip("SDI", errors))
        words = " ".join(map(_marked, steps))
        parts.append(f'<p dir="auto"><small>{escape(name)} ({counts})</small><br>\n{words}</p>\n')
    parts.append(f"<p><small>signature {escape(signature)}</small></p>\n</body></html>\n")
    return "".join(parts).encode()


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>\n"


def _marked(step: Step) -> str:
    reference, hypothesis = (escape(" ".join(words)) for words in (step.reference, step.hypothesis))
    if step.kind == "equal":
        return reference
    return " ".join(f"<{tag}>{text}</{tag}>" for tag, text in (("del", reference), ("ins", hypothesis)) if text)
