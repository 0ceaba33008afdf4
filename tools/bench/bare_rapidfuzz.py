"""The floor of decode-wer: words split, and the distances of two lists of lines, words and characters.

usage: bare_rapidfuzz.py REFERENCES HYPOTHESES
"""

import sys

from rapidfuzz.distance.Levenshtein import distance
from rapidfuzz.process import cpdist

references, hypotheses = (open(path, encoding="utf-8").read().split("\n")[:-1] for path in sys.argv[1:3])
said, heard = ([line.split() for line in lines] for lines in (references, hypotheses))
print(sum(map(distance, said, heard)) / sum(map(len, said)), cpdist(references, hypotheses, scorer=distance).sum())
