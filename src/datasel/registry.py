"""The one list of commands.

A command NAME lives in ``datasel.commands.NAME`` (hyphens become underscores), has a console script of its
own in pyproject.toml, and is imported only when it is called.  ``memory`` says whether it streams (constant
memory) or buffers (its manual has a section Memory that says what it holds).
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple


class Entry(NamedTuple):
    name: str
    summary: str
    memory: str  # "streams" or "buffers"

    @property
    def module(self) -> str:
        return "datasel.commands." + self.name.replace("-", "_")

    def load(self):
        """The click command, imported now."""
        return import_module(self.module).command


COMMANDS = (
    Entry("to-jsonl", "read other tools' files as records", "streams"),
    Entry("from-jsonl", "write records as other tools' files", "buffers"),
    Entry("ngram-fit", "learn which word n-grams mark the wanted utterances", "buffers"),
    Entry("ngram-score", "add the relevance of each utterance under an n-gram model", "streams"),
    Entry("select-topk", "keep the records with the best scores", "buffers"),
    Entry("dedup", "drop records whose text repeats another, or stands in a test set", "buffers"),
    Entry("nlu-fit", "train a model of domain, intent and slots", "buffers"),
    Entry("nlu-label", "add domain, intent, slots and confidence to utterances", "streams"),
    Entry("nlu-eval", "measure semantic error against references", "buffers"),
    Entry("slot-template", "turn annotated utterances into templates, and templates into utterances", "streams"),
    Entry(
        "paraphrase-pairs", "make pairs of utterances that are paraphrases, or are not, from annotated ones", "buffers"
    ),
    Entry("paraphrase-fit", "train a paraphrase detector on pairs of utterances", "buffers"),
    Entry("paraphrase-score", "add the probability that two utterances are paraphrases", "streams"),
    Entry("paraphrase-diverse", "keep the utterances that paraphrase least what is held already", "buffers"),
    Entry("ngram-diverse", "keep the utterances that together cover most", "buffers"),
    Entry("embed-plot", "draw annotated and added utterances in two dimensions", "buffers"),
    Entry("embed-fit", "learn word vectors and word frequencies from text", "buffers"),
    Entry("embed-texts", "write the vectors that an encoder makes of texts", "buffers"),
    Entry("embed-filter", "keep the texts whose vectors are nearest to those of a domain", "buffers"),
    Entry("translate-fit", "train a translator on sentence pairs", "buffers"),
    Entry("translate-nbest", "translate texts, the best translations of each", "streams"),
    Entry("align-fit", "learn from sentence pairs which words translate which", "buffers"),
    Entry("align-words", "add to translations which word translates which", "streams"),
    Entry("mask-pairs", "put masks in place of names in sentence pairs, for a translator to learn to copy", "streams"),
    Entry("entity-mask", "put masks in place of entities before translation, and take them out after", "streams"),
    Entry("entity-restore", "put the entities of the source back into translations", "streams"),
    Entry("code-mix", "copy source words into translations as often as a given text has them", "streams"),
    Entry("normalize-text", "bring texts into one form: characters, spaces, punctuation", "streams"),
    Entry("build-arpa", "estimate a back-off n-gram language model", "buffers"),
    Entry("lm-mix", "interpolate language models linearly", "buffers"),
    Entry("lm-score", "add the score of each text under a language model", "streams"),
    Entry("lm-rescore", "rank n-best lists with a language model and keep the best", "streams"),
    Entry("nbest-spread", "make a weighted record of every hypothesis of n-best lists", "streams"),
    Entry("lm-prune", "keep the texts that a language model finds probable", "buffers"),
    Entry("ctc-fit", "train a small acoustic model with a CTC output on recorded utterances", "buffers"),
    Entry(
        "ctc-emit", "add what an acoustic model with a CTC output says of each frame of recorded utterances", "streams"
    ),
    Entry("make-lexicon", "write how words are pronounced, as a lexicon for decoding speech", "buffers"),
    Entry("decode-wer", "measure word errors of recognised speech against references", "buffers"),
)

BY_NAME = {entry.name: entry for entry in COMMANDS}
