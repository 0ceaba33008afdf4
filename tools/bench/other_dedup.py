"""What is used in dedup's place: other_dedup.py pandas|datasketch|rensa FILE.

datasketch and rensa believe their signatures; dedup compares the pairs that its own propose.
"""

import json
import sys

kind, path = sys.argv[1:]
if kind == "pandas":
    import pandas

    table = pandas.read_json(path, lines=True)
    table.drop_duplicates("text").to_json(sys.stdout, orient="records", lines=True)
elif kind == "rensa":
    from itertools import islice

    from rensa import RMinHashDeduplicator

    known, number, file = RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True), 0, open(path, "rb")
    while lines := list(islice(file, 10_000)):
        texts = [json.loads(line)["text"].lower().split() for line in lines]
        shingles = [[" ".join(pair) for pair in zip(words, words[1:])] or [""] for words in texts]
        kept = known.add_pairs((str(number + place), each) for place, each in enumerate(shingles))
        number += len(lines)
        sys.stdout.buffer.write(b"".join([line for line, keep in zip(lines, kept) if keep]))
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
