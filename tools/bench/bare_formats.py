"""What is used in place of to-jsonl and from-jsonl: bare_formats.py PEER JOB FILE [OUT]."""

import json
import sys

peer, job, path, *out = sys.argv[1:]
if peer == "pyarrow":
    import pyarrow.parquet

    for batch in pyarrow.parquet.ParquetFile(path).iter_batches(8192):
        for record in batch.to_pylist():
            print(json.dumps(record, ensure_ascii=False))
else:
    import pandas

    if job == "read-csv":
        table = pandas.read_csv(path, dtype=str, keep_default_na=False)
    elif job == "read-parquet":
        table = pandas.read_parquet(path)
    else:
        table = pandas.read_json(path, lines=True, dtype=False)
    if job == "write-csv":
        table.to_csv(sys.stdout, index=False)
    elif job == "write-parquet":
        table.to_parquet(out[0], index=False)
    else:
        table.to_json(sys.stdout, orient="records", lines=True, force_ascii=False)
