"""select-topk against GNU sort | head on the same values, five million records.

Aims: 5 times faster; less than 150 MB at k = 100,000 and with --keep.
"""

from measure import SCRATCH, input_file, machine, once, sized, versus

count, k = 5_000_000, 100_000
scored = input_file("scored", count)
table = SCRATCH / f"scored-{sized(count)}.tsv"
if not table.exists():  # what sort needs: the value in a column of its own
    once(f"select-topk --threshold=-1e9 --by ngram_score --print ngram_score {scored} | paste - {scored} > {table}")

print(machine())
versus(f"select-topk -k {k:,} of {count:,} records", {
    "sort -g -r | head": f"LC_ALL=C sort -k1,1 -g -r {table} | {{ head -n {k}; cat >/dev/null; }}",
    "select-topk": f"select-topk -k {k} --by ngram_score {scored}",
    "select-topk --sorted": f"select-topk -k {k} --by ngram_score --sorted {scored}",
    "select-topk --keep 2%": f"select-topk --keep 2% --by ngram_score {scored}",
}, "sort -g -r | head", runs=3)  # fmt: skip
