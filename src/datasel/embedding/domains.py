"""What embed-filter is given of both domains: a source of vectors, and the sums of those known before the input is."""

from __future__ import annotations

from collections.abc import Sequence

from datasel.embedding.centroids import Centroids
from datasel.embedding.filtering import Source, add
from datasel.embedding.sources import FromWords
from datasel.errors import UsageError
from datasel.records.jsonl import read

NAMES = ("model", "in_domain", "in_domain_jsonl", "out_domain", "out_domain_jsonl", "embedding", "sif", "centroids")


def gathered(
    field: str, model: str | None, in_domain: Sequence[str], in_domain_jsonl: Sequence[str],
    out_domain: Sequence[str], out_domain_jsonl: Sequence[str], embedding: str, sif: float, centroids: Sequence[str],
) -> tuple[Source, Centroids]:  # fmt: skip
    """The source of vectors, and what is known; the out-domain's part is empty where it is the input itself."""
    if not model:
        raise UsageError(f"--embedding {embedding} needs --model")
    if not (in_domain or in_domain_jsonl or centroids):
        raise UsageError("give --in-domain or --centroids")
    source = FromWords(model, sif if embedding == "sif" else None)
    known = Centroids(source.basis)
    known.merge_saved(centroids)
    for total, plain, jsonl in (
        (known.inside, in_domain, in_domain_jsonl),
        (known.outside, out_domain, out_domain_jsonl),
    ):
        for paths, name, text in ((plain, "text", True), (jsonl, field, False)):
            if paths:
                add(read(paths, {name: str}, text=text), name, source, total)
    return source, known
