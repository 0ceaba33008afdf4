"""The peer of decode-wer: nothing but jiwer on two lists of lines.

usage: bare_jiwer.py REFERENCES HYPOTHESES
"""

import sys

import jiwer

references, hypotheses = (open(path, encoding="utf-8").read().split("\n")[:-1] for path in sys.argv[1:3])
result = jiwer.process_words(references, hypotheses)
print(result.wer, result.substitutions, result.deletions, result.insertions)
