"""Audio files as waveforms."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from datasel.speech import audio

RATE = 8000


def sine(frequency=440.0, seconds=0.5, rate=RATE, amplitude=0.5):
    return (amplitude * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def written(path, waveform=None, rate=RATE, **more):
    soundfile.write(path, sine() if waveform is None else waveform, rate, **more)
    return str(path)


@pytest.mark.parametrize("form, most", [("wav", 1e-4), ("flac", 1e-4), ("ogg", 0.1)])
def test_formats(tmp_path, form, most):
    back = audio.read(written(tmp_path / f"a.{form}"), RATE, 60)
    assert back.dtype == np.float32
    assert len(back) == len(sine())
    assert np.abs(back - sine()).max() < most


def test_channels_are_averaged(tmp_path):
    left, right = sine(), sine(1000)
    path = written(tmp_path / "a.wav", np.stack([left, right], axis=1), subtype="FLOAT")
    assert np.allclose(audio.read(path, RATE, 60), (left + right) / 2, atol=1e-6)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000])
def test_a_tone_stays_the_tone_at_another_rate(tmp_path, rate):
    back = audio.read(written(tmp_path / "a.wav", sine(rate=rate), rate), 16000, 60)
    wanted = sine(rate=16000)
    assert abs(len(back) - len(wanted)) <= 1
    inner = slice(800, 7000)  # away from the ends, where the filter sees silence
    assert np.abs(back[inner] - wanted[inner]).max() < 0.01


def test_what_the_new_rate_cannot_hold_is_filtered_out(tmp_path):
    back = audio.read(written(tmp_path / "a.wav", sine(7000, rate=16000), 16000), 8000, 60)
    assert np.abs(back[400:-400]).max() < 0.01


@pytest.mark.parametrize("form", ["wav", "flac", "ogg"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_file_cut_short_is_an_error(tmp_path, form, share):
    path = tmp_path / f"a.{form}"
    written(path, np.random.default_rng(1).normal(size=RATE * 3) * 0.1)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ValueError, match="a\\.") as caught:
        audio.read(str(path), RATE, 60)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("told", [0, 0x7FFFF024, 0xFFFFFFFF])
def test_a_wav_of_untold_length_is_whole(tmp_path, told):
    path = tmp_path / "a.wav"
    written(path)
    content = bytearray(path.read_bytes())
    content[4:8] = told.to_bytes(4, "little")
    path.write_bytes(content)
    assert len(audio.read(str(path), RATE, 60)) == len(sine())


@pytest.mark.parametrize(
    "content, reason",
    [(b"", "no audio"), (b"RIFF", "no audio"), (b"no audio at all" * 9, "no audio"), (None, "No such file")],
)
def test_what_is_no_audio_is_an_error(tmp_path, content, reason):
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=reason):
        audio.read(str(path), RATE, 60)


def test_a_folder_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="directory"):
        audio.read(str(tmp_path), RATE, 60)


def test_no_samples_and_samples_that_are_no_numbers(tmp_path):
    with pytest.raises(ValueError, match="no samples"):
        audio.read(written(tmp_path / "a.wav", np.zeros(0)), RATE, 60)
    with pytest.raises(ValueError, match="not a number"):
        audio.read(written(tmp_path / "b.wav", np.array([0.1, np.nan]), subtype="FLOAT"), RATE, 60)


def test_longer_than_allowed(tmp_path):
    path = written(tmp_path / "a.wav")
    assert len(audio.read(path, RATE, 0.5)) == RATE // 2
    with pytest.raises(ValueError, match=r"longer than 0\.4 seconds"):
        audio.read(path, RATE, 0.4)


@pytest.mark.parametrize("level", [-40.0, -20.0, -3.0])
def test_level_is_the_root_mean_square(level):
    made = audio.at_level(sine(), level)
    assert 20 * np.log10(np.sqrt((made.astype(float) ** 2).mean())) == pytest.approx(level, abs=1e-3)
    assert (audio.at_level(np.zeros(9, np.float32), level) == 0).all()


@pytest.mark.parametrize("snr", [-5.0, 0.0, 20.0])
def test_noise_is_that_far_below_the_signal_and_white(snr):
    clean = sine(seconds=4)
    noise = audio.with_noise(clean, snr, 1, "a").astype(float) - clean
    assert 10 * np.log10((clean**2).mean() / (noise**2).mean()) == pytest.approx(snr, abs=0.2)
    power = np.abs(np.fft.rfft(noise)) ** 2
    low, high = power[: len(power) // 2].mean(), power[len(power) // 2 :].mean()
    assert low / high == pytest.approx(1, abs=0.1)


def test_noise_depends_on_seed_and_name_alone():
    one = audio.with_noise(sine(), 10, 1, "a")
    assert (one == audio.with_noise(sine(), 10, 1, "a")).all()
    assert (one != audio.with_noise(sine(), 10, 2, "a")).any()
    assert (one != audio.with_noise(sine(), 10, 1, "b")).any()
