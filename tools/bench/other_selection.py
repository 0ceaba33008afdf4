"""What other toolkits do in ngram-fit's and dedup's place: other_selection.py dsir|datatrove POOL [TARGET] FOLDER."""

import shutil
import sys


def dsir(pool: str, target: str, folder: str) -> None:
    """2,000 lines by hashed n-gram importance and Gumbel top-k (package data-selection)."""
    from data_selection import HashedNgramDSIR

    selector = HashedNgramDSIR([pool], [target], cache_dir=f"{folder}/cache", num_proc=1, min_example_length=0)
    selector.fit_importance_estimator(num_tokens_to_fit="all")
    selector.compute_importance_weights()
    selector.resample(out_dir=f"{folder}/out", num_to_sample=2000, cache_dir=f"{folder}/resampled")


def datatrove(pool: str, folder: str) -> None:
    """Near-duplicates by MinHash of word bigrams (package datatrove, with spacy)."""
    from pathlib import Path

    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import minhash
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers.jsonl import JsonlWriter

    config = minhash.MinhashConfig(n_grams=2)

    def read() -> JsonlReader:
        return JsonlReader(str(Path(pool).parent), glob_pattern=Path(pool).name)

    def run(stage: int, *pipeline, tasks: int = 1) -> None:
        logs = f"{folder}/logs/{stage}"
        LocalPipelineExecutor(pipeline=list(pipeline), tasks=tasks, workers=1, logging_dir=logs).run()

    run(1, read(), minhash.MinhashDedupSignature(f"{folder}/signatures", config=config))
    run(2, minhash.MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config),
        tasks=config.num_buckets)  # fmt: skip
    run(3, minhash.MinhashDedupCluster(f"{folder}/buckets", f"{folder}/removed", config=config))
    run(4, read(), minhash.MinhashDedupFilter(f"{folder}/removed"), JsonlWriter(f"{folder}/out"))


if __name__ == "__main__":
    shutil.rmtree(sys.argv[-1], ignore_errors=True)
    {"dsir": dsir, "datatrove": datatrove}[sys.argv[1]](*sys.argv[2:])
