"""Audio files as waveforms of one channel at a wanted rate; their level, and noise added to them.

What libsndfile reads is read: WAV, FLAC and OGG among others.  libsndfile takes a WAV or an OGG file that was cut short
for a whole one; here its end is looked for.
"""

from __future__ import annotations

import io
from math import gcd

import numpy as np

from datasel.records.seeding import generator

# Sizes that programs write which do not know how long a WAV will become are 0, or these and beyond (sox, espeak-ng).
_UNTOLD = 0x7FFFF000
_FASTEST = 768_000  # Hz


def read(path: str, rate: int, longest: float) -> np.ndarray:
    """A file's waveform: float32 (samples), full scale 1, the mean of its channels, resampled to ``rate`` Hz.

    ValueError with the reason for what is missing, damaged, silent about its format, without samples, of more than
    ``longest`` seconds, or of more than 768 kHz.
    """
    import soundfile

    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from None
    except ValueError:  # a NUL in it
        raise ValueError(f"{path!r}: not the name of a file") from None
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as opened:
            if opened.samplerate > _FASTEST:
                raise ValueError(f"{path}: a sampling rate of {opened.samplerate:,} Hz")
            if opened.frames > longest * opened.samplerate:
                raise ValueError(f"{path}: longer than {longest:g} seconds")
            samples = opened.read(dtype="float32", always_2d=True)
            whole, own = len(samples) == opened.frames, opened.samplerate
    except (soundfile.LibsndfileError, RuntimeError) as error:
        reason = getattr(error, "error_string", str(error)).rstrip(".")
        raise ValueError(f"{path}: no audio that can be read ({reason})") from None
    if not whole or _cut_short(content):
        raise ValueError(f"{path}: the end of the file is missing")
    if not len(samples):
        raise ValueError(f"{path}: no samples")
    mono = samples.mean(axis=1)
    if not np.isfinite(mono).all():
        raise ValueError(f"{path}: a sample is not a number")
    return resampled(mono, own, rate)


def resampled(waveform: np.ndarray, own: int, rate: int) -> np.ndarray:
    """float32 (samples) at ``rate`` Hz of a waveform at ``own`` Hz, by a polyphase filter."""
    from scipy.signal import resample_poly

    if own == rate:
        return waveform
    factor = gcd(own, rate)
    return resample_poly(waveform, rate // factor, own // factor).astype(np.float32)


def at_level(waveform: np.ndarray, level: float) -> np.ndarray:
    """The waveform scaled to a root mean square of ``level`` dB of full scale (0 dB is a square wave's); peaks are not
    clipped.  Digital silence stays."""
    power = _power(waveform)
    return (waveform * np.float32(10 ** (level / 20) / power**0.5)) if power else waveform


def with_noise(waveform: np.ndarray, snr: float, seed: int, name: str) -> np.ndarray:
    """White Gaussian noise added, ``snr`` dB below the waveform's mean power; drawn for ``seed`` and ``name``."""
    noise = generator(seed, f"noise {name}").standard_normal(len(waveform))
    scale = (_power(waveform) / 10 ** (snr / 10)) ** 0.5
    return (waveform + scale * noise).astype(np.float32)


def _power(waveform: np.ndarray) -> float:
    return float(np.square(waveform, dtype=float).mean()) if len(waveform) else 0.0


def _cut_short(content: bytes) -> bool:
    """Whether a WAV is shorter than it says, or an OGG has no last page."""
    if content.startswith(b"RIFF"):
        told = int.from_bytes(content[4:8], "little")
        return told < _UNTOLD and told + 8 > len(content)
    if content.startswith(b"OggS"):
        last = content.rfind(b"OggS")
        segments = content[last + 27 : last + 27 + content[last + 26]] if len(content) > last + 26 else b""
        whole = len(segments) > 0 and last + 27 + len(segments) + sum(segments) <= len(content)
        return not whole or not content[last + 5] & 4
    return False
