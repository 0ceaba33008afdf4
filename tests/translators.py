"""Translators of others in small: random networks of three families, converted by CTranslate2's own converters.

Each function makes the folder of a CTranslate2 model, and gives it with what 'datasel translator' is to be told, and a
function that says what the original thinks of a pair: the natural log of the translation's probability, end included.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

pytest.importorskip("torch")

ENGLISH = ["play the music", "stop the light now", "turn on the kitchen light please", "set the alarm"]
HINDI = ["संगीत चलाओ", "बत्ती बंद करो अभी", "रसोई की बत्ती चालू करो", "अलार्म लगाओ"]
_SIZES = {
    "d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
    "encoder_ffn_dim": 16, "decoder_ffn_dim": 16, "dropout": 0.0,
}  # fmt: skip


class Made(NamedTuple):
    network: Path
    options: list[str]
    places: int  # pieces of a text
    score: Callable[[str, str], float]


def _pieces(texts: list[str], path: Path, size: int = 140) -> list[str]:
    """A SentencePiece model, and its pieces without the special ones."""
    from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

    with path.open("wb") as file:
        SentencePieceTrainer.train(
            sentence_iterator=iter(texts * 5), model_writer=file, vocab_size=size, hard_vocab_limit=False, minloglevel=9
        )
    read = SentencePieceProcessor(model_file=str(path))
    return [read.id_to_piece(n) for n in range(read.get_piece_size()) if not (read.is_control(n) or read.is_unknown(n))]


def _transformers():
    return pytest.importorskip("transformers", reason="the converters of Transformers' models need transformers")


def _converted(source: Path, network: Path) -> None:
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(source)).convert(str(network))


def _scored(model, tokenizer, skipped: int) -> Callable[[str, str], float]:
    """By the original; the first ``skipped`` tokens of a translation are given."""
    import torch

    def score(source: str, target: str) -> float:
        given = tokenizer(source, text_target=target, return_tensors="pt")
        with torch.no_grad():
            logits = model(input_ids=given["input_ids"], labels=given["labels"]).logits[0]
        chosen = logits.log_softmax(-1).gather(1, given["labels"][0][:, None])[:, 0]
        return float(chosen[skipped:].sum())

    return score


def marian(folder: Path) -> Made:
    """As OPUS-MT's on the Hugging Face hub: two SentencePiece models, one vocabulary, 64 places."""
    transformers = _transformers()
    original = folder / "marian"
    original.mkdir()
    names = [*_pieces(ENGLISH, original / "source.spm", 80), *_pieces(HINDI, original / "target.spm", 80)]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(["</s>", "<unk>", *names, "<pad>"]))}
    (original / "vocab.json").write_text(json.dumps(numbers))
    files = [str(original / name) for name in ("source.spm", "target.spm", "vocab.json")]
    tokenizer = transformers.MarianTokenizer(*files, source_lang="eng", target_lang="hin")
    tokenizer.save_pretrained(original)
    pad = numbers["<pad>"]
    transformers.set_seed(1)
    model = transformers.MarianMTModel(transformers.MarianConfig(
        vocab_size=len(numbers), max_position_embeddings=64, pad_token_id=pad, eos_token_id=0, init_std=0.5,
        decoder_start_token_id=pad, forced_eos_token_id=0, scale_embedding=True, **_SIZES,
    )).eval()  # fmt: skip
    model.get_output_embeddings().weight.data[pad] = 0
    model.final_logits_bias[0, pad] = -1e9  # as of models that were trained
    model.model.shared.weight.data[pad] = 0
    model.save_pretrained(original)
    _converted(original, folder / "marian.ct2")
    options = ["--pieces", files[0], "--target-pieces", files[1], "--source-suffix", "</s>"]
    return Made(folder / "marian.ct2", options, 64, _scored(model, tokenizer, 0))


def nllb(folder: Path) -> Made:
    """As NLLB-200: one SentencePiece model, languages before source and target, 1,024 places."""
    transformers = _transformers()
    original = folder / "nllb"
    original.mkdir()
    pieces = original / "sentencepiece.bpe.model"
    _pieces(ENGLISH + HINDI, pieces)
    tokenizer = transformers.NllbTokenizer(str(pieces), src_lang="eng_Latn", tgt_lang="hin_Deva")
    tokenizer.save_pretrained(original)
    model = _m2m100(transformers, len(tokenizer))
    model.save_pretrained(original)
    _converted(original, folder / "nllb.ct2")
    options = ["--pieces", str(pieces), "--source-prefix", "eng_Latn", "--source-suffix", "</s>",
               "--target-prefix", "hin_Deva"]  # fmt: skip
    return Made(folder / "nllb.ct2", options, 1024, _scored(model, tokenizer, 1))


def _m2m100(transformers, size: int):
    transformers.set_seed(1)
    return transformers.M2M100ForConditionalGeneration(transformers.M2M100Config(
        vocab_size=size, max_position_embeddings=1024, pad_token_id=1, bos_token_id=0, eos_token_id=2, init_std=0.5,
        decoder_start_token_id=2, scale_embedding=True, **_SIZES,
    )).eval()  # fmt: skip


def opennmt(folder: Path) -> Made:
    """As OpenNMT-py's checkpoints, which Argos' models are made of: one SentencePiece model, no tokens around texts."""
    import torch
    from ctranslate2.converters import OpenNMTPyConverter
    from torch import nn

    pieces = folder / "onmt.model"
    names = ["<unk>", "<blank>", "<s>", "</s>", *_pieces(ENGLISH + HINDI, pieces)]
    torch.manual_seed(1)
    d, wide, places = 16, 32, 128
    weights: dict[str, torch.Tensor] = {}

    def put(name: str, module: nn.Module) -> None:
        weights.update({f"{name}.{part}": value for part, value in module.state_dict().items()})

    def attention(name: str) -> None:
        for part in ("linear_query", "linear_keys", "linear_values", "final_linear"):
            put(f"{name}.{part}", nn.Linear(d, d))

    angles = torch.arange(places)[:, None] * torch.exp(torch.arange(0, d, 2) * -(torch.log(torch.tensor(10000.0)) / d))
    encodings = torch.stack([angles.sin(), angles.cos()], 2).flatten(1)
    for side, layer in (("encoder", "encoder.transformer.0"), ("decoder", "decoder.transformer_layers.0")):
        put(f"{side}.embeddings.make_embedding.emb_luts.0", nn.Embedding(len(names), d))
        weights[f"{side}.embeddings.make_embedding.pe.pe"] = encodings[:, None]
        put(f"{side}.layer_norm", nn.LayerNorm(d))
        attention(f"{layer}.self_attn")
        for part, module in (("w_1", nn.Linear(d, wide)), ("w_2", nn.Linear(wide, d)), ("layer_norm", nn.LayerNorm(d))):
            put(f"{layer}.feed_forward.{part}", module)
        if side == "encoder":
            put(f"{layer}.layer_norm", nn.LayerNorm(d))
        else:
            attention(f"{layer}.context_attn")
            for part in ("layer_norm_1", "layer_norm_2"):
                put(f"{layer}.{part}", nn.LayerNorm(d))
    options = argparse.Namespace(
        encoder_type="transformer", decoder_type="transformer", enc_layers=1, dec_layers=1, heads=2,
        position_encoding=True, decoder_start_token="<s>",
    )  # fmt: skip
    generator = nn.Linear(d, len(names)).state_dict()
    checkpoint = {"model": weights, "generator": generator, "vocab": {"src": names, "tgt": names}, "opt": options}
    torch.save(checkpoint, folder / "onmt.pt")
    OpenNMTPyConverter(str(folder / "onmt.pt"), unsafe_deserialization=True).convert(str(folder / "onmt.ct2"))

    def score(source: str, target: str) -> float:
        """CTranslate2's own, as there is no OpenNMT-py here: what is told is that nothing comes in between."""
        import ctranslate2
        from sentencepiece import SentencePieceProcessor

        cut = SentencePieceProcessor(model_file=str(pieces)).encode
        translator = ctranslate2.Translator(str(folder / "onmt.ct2"))
        sides = [[cut(text, out_type=str)] for text in (source, target)]
        return sum(translator.score_batch(*sides)[0].log_probs)

    return Made(folder / "onmt.ct2", ["--pieces", str(pieces)], places, score)


FAMILIES = {"marian": marian, "nllb": nllb, "opennmt": opennmt}
