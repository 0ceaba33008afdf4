"""What is used in dedup's place: other_dedup.py pandas|datasketch FILE."""

import json
import sys

kind, path = sys.argv[1:]
if kind == "pandas":
    import pandas

    table = pandas.read_json(path, lines=True)
    table.drop_duplicates("text").to_json(sys.stdout, orient="records", lines=True)
else:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.8, num_perm=128)
    for number, line in enumerate(open(path, encoding="utf-8")):
        words = json.loads(line)["text"].lower().split()
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(pair).encode() for pair in zip(words, words[1:])] or [b""])
        if not index.query(sketch):
            index.insert(number, sketch)
            print(line, end="")
