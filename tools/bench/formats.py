"""to-jsonl and from-jsonl against pandas, csvkit, pyarrow alone and jq.

A million records, or as many as the argument says. A peer that is not installed is left out. csvkit and jq
stream, as these commands do; pandas holds the table.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

from measure import HERE, SCRATCH, input_file, machine, note, once, sized, versus

count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
records, source, target = (input_file(kind, count) for kind in ("jsonl", "text", "misheard"))
table = {kind: SCRATCH / f"formats-{sized(count)}.{kind}" for kind in ("csv", "parquet", "moses.jsonl")}
out = SCRATCH / "formats-out"

INSTALLED = {
    "pandas": importlib.util.find_spec("pandas"),
    "csvkit": importlib.util.find_spec("csvkit"),
    "pyarrow": importlib.util.find_spec("pyarrow"),
    "jq": shutil.which("jq"),
}


def compare(title: str, ours: str, peers: dict[str, str]) -> None:
    """The command beside those peers that are installed, and the records of each in a second."""
    for peer in peers:
        if not INSTALLED[peer]:
            note(f"{title}: {peer} is not installed, left out")
    commands = {"datasel": ours} | {peer: command for peer, command in peers.items() if INSTALLED[peer]}
    versus(f"{title}, {count:,} records", commands, "datasel", runs=3, records=count)


def bare(peer: str, job: str, path: object, to: object = "") -> str:
    return f"python {HERE}/bare_formats.py {peer} {job} {path} {to}"


def made(path: Path, command: str) -> None:
    """An input made from another, once."""
    if not path.exists():
        once(f"{command} -q -o {path}")


print(machine())
made(table["csv"], f"from-jsonl --to csv {records}")
compare("CSV to records", f"to-jsonl -q --from csv {table['csv']}", {
    "pandas": bare("pandas", "read-csv", table["csv"]),
    "csvkit": f"python -m csvkit.utilities.csvjson --stream --no-inference --snifflimit 0 {table['csv']}",
})  # fmt: skip
compare("records to CSV", f"from-jsonl -q --to csv {records}", {"pandas": bare("pandas", "write-csv", records)})

made(table["moses.jsonl"], f"to-jsonl --from moses {source} {target}")
pairs = r"""jq -cR 'split("\t") | {source: .[0], target: .[1]}'"""
compare("Moses to records", f"to-jsonl -q --from moses {source} {target}", {"jq": f"paste {source} {target} | {pairs}"})
again = f"{table['moses.jsonl']}"
compare(
    "records to Moses",
    f"from-jsonl -q --to moses --file source={out}.source --file target={out}.target {again}",
    {"jq": f"jq -r .source {again} > {out}.source; jq -r .target {again} > {out}.target"},
)

if INSTALLED["pyarrow"]:
    made(table["parquet"], f"from-jsonl --to parquet {records}")
    peers = {"pandas": bare("pandas", "read-parquet", table["parquet"])}
    peers["pyarrow"] = bare("pyarrow", "read-parquet", table["parquet"])
    compare("Parquet to records", f"to-jsonl -q --from parquet {table['parquet']}", peers)
    peers = {"pandas": bare("pandas", "write-parquet", records, f"{out}.parquet")}
    compare("records to Parquet", f"from-jsonl -q --to parquet {records} -o {out}.ours.parquet", peers)
else:
    print("\nParquet: pyarrow is not installed, left out")
