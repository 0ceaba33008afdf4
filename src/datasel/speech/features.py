"""What a network of ctc-fit sees of an utterance: log-mel frames of its waveform, or another model's emissions."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from datasel.speech.emissions import Emissions

MEL_RATE = 50.0  # frames a second
_MELS, _WINDOW, _SHIFT, _TOGETHER = 40, 0.025, 0.01, 2  # bands; seconds; windows side by side in a frame
_LEAST = 1e-8  # of a band's power
_LOWEST = -12.0  # of a log-probability


def mel_size() -> int:
    """The numbers in a log-mel frame."""
    return _MELS * _TOGETHER


def log_mel(waveform: np.ndarray, rate: int) -> np.ndarray:
    """float32 (frames x mel_size()), MEL_RATE frames a second: the natural log of the power in 40 mel bands of a 25 ms
    Hann window every 10 ms, two windows a frame; each band's mean over the utterance is 0, so that its level and its
    channel do not count.  Less than two windows give no frame."""
    width, shift = int(_WINDOW * rate), int(_SHIFT * rate)
    windows = max(0, 1 + (len(waveform) - width) // shift)
    count = windows // _TOGETHER
    if not count:
        return np.empty((0, mel_size()), np.float32)
    places = np.arange(count * _TOGETHER)[:, None] * shift + np.arange(width)
    power = np.abs(np.fft.rfft(waveform[places] * np.hanning(width), axis=1)) ** 2
    bands = np.log(np.einsum("tf,mf->tm", power, _filters(width, rate)) + _LEAST)
    return (bands - bands.mean(axis=0)).reshape(count, -1).astype(np.float32)


def of_emissions(emissions: Emissions) -> np.ndarray:
    """float32 (frames x tokens), from -2 to 1: log-probabilities, those below -12 raised to it."""
    return (np.maximum(emissions.log_probs.astype(np.float32), _LOWEST) / 4 + 1).astype(np.float32)


@lru_cache
def _filters(width: int, rate: int) -> np.ndarray:
    """Triangles that are equal on the mel scale, 2595 log10(1 + f / 700): bands x frequencies."""
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + rate / 1400), _MELS + 2) / 2595) - 1)
    frequencies = np.arange(width // 2 + 1) * rate / width
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequencies) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))
