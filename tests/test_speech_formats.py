"""trn, stm and ctm, Kaldi's folders, NeMo's manifests: what is written is read, by us and by SCTK."""

import shutil
import subprocess

import pytest
from converting import Read, again, file, written
from hypothesis import given, settings
from hypothesis import strategies as st

from datasel.errors import DataError, UsageError

WORD = st.text(st.characters(categories=["L", "N", "M"]), min_size=1, max_size=6)
SENTENCE = st.lists(WORD, max_size=5).map(" ".join)
TIMES = st.tuples(st.integers(0, 10**6), st.integers(1, 10**5)).map(lambda each: (each[0] / 1000, sum(each) / 1000))
quick = settings(max_examples=100)


@given(records=st.lists(st.fixed_dictionaries({"id": WORD, "text": SENTENCE}), max_size=8))
@quick
def test_trn(tmp_path_factory, records):
    assert again("trn", tmp_path_factory.getbasetemp(), records) == records


@pytest.mark.parametrize("line", ["a b", "a { b / c } (x)", "a (uh) b (x)", "()"])
def test_what_is_no_trn(tmp_path, line):
    with pytest.raises(DataError, match=":2: "):
        Read("trn", file(tmp_path, f";; a comment (x)\n{line}\n"))


@pytest.mark.parametrize("record", [{"id": "a b", "text": "c"}, {"id": "(", "text": "c"}, {"id": "a", "text": "b\nc"},
                                    {"id": "a", "text": ";; b"}, {"id": "a", "text": "{ b"}])  # fmt: skip
def test_what_trn_cannot_hold(tmp_path, record):
    with pytest.raises(DataError, match="records.jsonl:1: "):
        written("trn", tmp_path, [record])


def segment(parts):
    audio, speaker, (start, end), text, label = parts
    made = {"id": "", "audio": audio, "channel": "1", "speaker": speaker, "start": start, "end": end, "reference": text}
    return {**made, **({"label": label} if label else {})}


@given(made=st.lists(st.tuples(WORD, WORD, TIMES, SENTENCE, st.none() | st.just("o,f0,male")), max_size=6))
@quick
def test_stm(tmp_path_factory, made):
    records = [segment(each) for each in made]
    found = again("stm", tmp_path_factory.getbasetemp(), records)
    assert [{**each, "id": ""} for each in found] == records


STM = ";; comment\nA 1 s 0.0 2.0 <o> hello there\nA 1 t 2.0 3.5 bye\nA 1 t 4 5 IGNORE_TIME_SEGMENT_IN_SCORING\n"


def test_words_go_where_their_middles_are(tmp_path):
    ctm = file(tmp_path, ";; x\nA 1 0.1 0.3 hello .9\nA 1 1.8 0.3 they're\nA 1 1.9 0.2 good\nA 1 4.1 0.1 um\n", "ctm")
    said = []
    found = Read("stm", file(tmp_path, STM), ctm=[str(ctm)], warn=said.append)
    assert [each["hypothesis"] for each in found.records] == ["hello they're", "good"]
    assert said == ["1 segment not to be scored, left out"]


@pytest.mark.parametrize(("words", "reason"), [
    ("A 1 3.6 0.1 lost\n", "ctm:1: 'lost' lies in no segment"),
    ("B 1 1 0.1 lost\n", "ctm:1: 'lost' lies in no segment"),
    ("A 1 a 0.1 b\n", "ctm:1: 'a' is no time in seconds"), ("A 1 1 2\n", "ctm:1: not a file"),
    ("A 1 * * <ALT_BEGIN>\n", "ctm:1: alternatives"),
])  # fmt: skip
def test_words_that_have_no_place(tmp_path, words, reason):
    with pytest.raises(DataError, match=reason):
        Read("stm", file(tmp_path, STM), ctm=[str(file(tmp_path, words, "ctm"))])


def test_a_word_in_two_segments(tmp_path):
    stm = file(tmp_path, "A 1 s 0 2 a\nA 1 t 1 3 b\n")
    with pytest.raises(DataError, match="ctm:1: 'x' lies in several segments"):
        Read("stm", stm, ctm=[str(file(tmp_path, "A 1 1.4 0.2 x\n", "ctm"))])


@pytest.mark.parametrize("line", ["A 1 s 0 a\n", "A 1 s 2 1 a\n", "A 1 s 0 1 { a / b }\n", "A 1 s -1 1 a\n"])
def test_what_is_no_stm(tmp_path, line):
    with pytest.raises(DataError, match=":1: "):
        Read("stm", file(tmp_path, line))


sclite = pytest.mark.skipif(not shutil.which("sctk"), reason="SCTK is not installed")


def scored(folder, *words):
    words = ["sctk", "sclite", *words, "-o", "rsum", "stdout"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(line.replace("|", " ").split()[1:8] for line in done.stdout.splitlines() if "Sum" in line)


@sclite
def test_sclite_reads_our_trn(tmp_path):
    said = [{"id": "anna-1", "text": "play some jazz"}, {"id": "ben-1", "text": "stop"}]
    for name, records in (("ref", said), ("hyp", [{**said[0], "text": "play sun jazz"}, said[1]])):
        (tmp_path / name).write_bytes(written("trn", tmp_path, records))
    # sentences, words; correct, substituted, deleted, inserted, errors
    assert scored(tmp_path, "-r", "ref", "trn", "-h", "hyp", "trn", "-i", "rm") == ["2", "4", "3", "1", "0", "0", "1"]


@sclite
def test_sclite_puts_words_into_the_segments_of_our_stm_as_we_do(tmp_path):
    records = [
        {"audio": "call", "speaker": "anna", "start": 0.5, "end": 2.1, "reference": "play some jazz"},
        {"audio": "call", "speaker": "ben", "start": 2.1, "end": 3.0, "reference": "stop now"},
    ]
    (tmp_path / "ref.stm").write_bytes(written("stm", tmp_path, records))
    words = (("play", 0.52, 0.4), ("sun", 0.95, 0.3), ("jazz", 1.3, 0.7), ("stop", 1.95, 0.6))
    ctm = file(tmp_path, "".join(f"call 1 {start} {length} {word}\n" for word, start, length in words), "hyp.ctm")
    found = Read("stm", tmp_path / "ref.stm", ctm=[str(ctm)]).records
    assert [each["hypothesis"] for each in found] == ["play sun jazz", "stop"]
    assert scored(tmp_path, "-r", "ref.stm", "stm", "-h", "hyp.ctm", "ctm") == ["2", "5", "3", "1", "1", "0", "2"]


def folder(place, **files):
    place.mkdir()
    for name, content in files.items():
        file(place, content, name.replace("wav", "wav.scp"))
    return place


def test_a_folder_of_kaldi(tmp_path):
    place = folder(tmp_path / "data", text="u1 hello\nu2\n", wav="r1 a.wav\n", segments="u1 r1 0 1.5\nu2 r1 2 3\n",
                   utt2spk="u1 s\nu2 s\n")  # fmt: skip
    assert Read("kaldi", place).records == [
        {"id": "u1", "audio": "a.wav", "start": 0.0, "end": 1.5, "text": "hello", "speaker": "s"},
        {"id": "u2", "audio": "a.wav", "start": 2.0, "end": 3.0, "text": "", "speaker": "s"},
    ]
    assert Read("kaldi", folder(tmp_path / "wav", wav="u1 a.wav\n")).records == [{"id": "u1", "audio": "a.wav"}]


@pytest.mark.parametrize(("files", "reason"), [
    ({"text": "u1 a\nu2 b\n", "utt2spk": "u1 s\n"}, "text:2: 'u2' has no line in utt2spk"),
    ({"text": "u1 a\n", "utt2spk": "u1 s\nu2 s\n"}, "utt2spk:2: 'u2' has no line in text"),
    ({"text": "u1 a\n", "wav": "u1 flac -c x.flac |\n"}, "text:1: its audio is a command and not a file"),
    ({"text": "u1 a\nu1 b\n"}, "text:2: the id 'u1' comes twice"),
    ({"text": "u1 a\n", "segments": "u1 r 2 1\n"}, "text:1: no segment from 2 to 1 seconds"),
    ({"text": "u1 a\n", "segments": "u1 r 2\n"}, "text:1: '2' is no start and end in seconds"),
    ({"utt2spk": "u1 a\n"}, "holds neither text nor segments nor wav.scp"),
])  # fmt: skip
def test_tables_that_do_not_fit(tmp_path, files, reason):
    with pytest.raises(DataError, match=reason):
        Read("kaldi", folder(tmp_path / "data", **files))


UTTERANCE = st.tuples(WORD, st.none() | TIMES, SENTENCE)


@given(made=st.dictionaries(WORD, UTTERANCE, min_size=1, max_size=6))
@quick
def test_kaldi(tmp_path_factory, made):
    """Either all utterances are segments of recordings or none is, as in Kaldi's folders."""
    place = tmp_path_factory.mktemp("kaldi")
    segments = all(times for _, times, _ in made.values())
    records = [
        {"id": key, "audio": f"/a/{key}.wav", **(dict(zip(("start", "end"), times)) if segments else {}), "text": text,
         "speaker": speaker}
        for key, (speaker, times, text) in sorted(made.items(), key=lambda item: item[0].encode())
    ]  # fmt: skip
    assert again("kaldi", place, records) == records


def test_kaldi_is_a_folder(tmp_path, capsys):
    from datasel.formats.kaldi import write
    from datasel.formats.target import Target
    from datasel.records.pipe import Pipe

    with pytest.raises(UsageError, match="give -o NAME/"):
        write(Target(Pipe("from-jsonl", [str(file(tmp_path, ""))], output=str(tmp_path / "out"))))


RECORD = st.fixed_dictionaries({"audio": st.just("/a/b.wav"), "duration": st.floats(0.1, 99), "text": SENTENCE},
                               optional={"hypothesis": SENTENCE, "lang": WORD})  # fmt: skip


@given(records=st.lists(RECORD, max_size=6))
@quick
def test_nemo(tmp_path_factory, records):
    assert again("nemo", tmp_path_factory.getbasetemp(), records) == records


def test_paths_of_nemo_start_at_its_folder(tmp_path):
    (tmp_path / "data").mkdir()
    path = file(tmp_path / "data", '{"audio_filepath": "wav/a.wav", "duration": 1}\n{"duration": 1}\n')
    found = Read("nemo", path, place=str(tmp_path), lenient=True)
    assert found.records == [{"audio": "data/wav/a.wav", "duration": 1}]
    assert [line for _, line, _, _ in found.rejected] == [2]
    made = written("nemo", tmp_path, [{"audio": "b.wav", "start": 1.25, "end": 2.0}])
    assert made == b'{"audio_filepath":"b.wav","offset":1.25,"duration":0.75}\n'
    with pytest.raises(DataError, match="records.jsonl:1: neither duration nor start and end"):
        written("nemo", tmp_path, [{"audio": "b.wav"}])
