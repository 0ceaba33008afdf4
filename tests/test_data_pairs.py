"""The general pairs of examples/data, on a few lines in the form of each source."""

import io
import json
import sys
import zipfile

import pytest
from packages import DATA, deb, rows, tgz

sys.path.insert(0, str(DATA))
import parallel  # noqa: E402


@pytest.mark.parametrize(
    "english, hindi, kept",
    [
        ("%1$s of %2$s", "%2$s में से %1$s", True),
        ("{ $name } left", "{$name} चला गया", True),
        ("1 job", "%d काम", False),
        ("Chrome", "Chrome", False),
        ("é", "हाँ", False),
    ],
)
def test_pairs_fit_for_the_collection(english, hindi, kept):
    assert parallel.fits(english, hindi) == kept


def test_a_text_without_markup():
    assert parallel.bare("<p>Tom &amp; <b>Ann</b>.</p>\n5 < 7\u200b <br/>") == "Tom & Ann. 5 < 7"
    assert parallel.cleaned("_Open <b>it</b> &now") == "Open it now"


def test_an_archive_that_cannot_be_unpacked_ends_the_build(tmp_path):
    (tmp_path / "some.tgz").write_bytes(b"no gzip")
    with pytest.raises((SystemExit, parallel.tarfile.TarError)):
        list(parallel.members(tmp_path / "some.tgz", parallel.re.compile("")))


def story(title, *pages):
    return "\n\n##\n".join((f"# {title}", *pages, "* License: [CC-BY]"))


def test_sentences_of_stories_are_paired_within_pages(tmp_path):
    page = "The cow ate. Then she slept under a tree.\n\n“Who is that?” asked Anu."
    english = story("The Brown Cow", page, "She went away.")
    hindi = story("भूरी गाय", "गाय ने खाया। फिर वह एक पेड़ के नीचे सो गई।\n\n“यह कौन है?” अनु ने पूछा।", "वह चली गई।")
    for code, texts in (("en", {"0001_the-cow": english, "0002_alone": english}), ("hi", {"0001_gaay": hindi})):
        (tmp_path / code).mkdir()
        for name, text in texts.items():
            (tmp_path / code / f"{name}.md").write_text(text, encoding="utf-8")
    made = rows("pratham.py", tmp_path)
    assert {row[:2] for row in made} == {("pratham-books", "CC-BY-4.0")}
    assert [row[2:] for row in made] == [
        ("The Brown Cow", "भूरी गाय"),
        ("The cow ate.", "गाय ने खाया।"),
        ("Then she slept under a tree.", "फिर वह एक पेड़ के नीचे सो गई।"),
        ("“Who is that?” asked Anu.", "“यह कौन है?” अनु ने पूछा।"),
        ("She went away.", "वह चली गई।"),
    ]


def test_strings_of_an_app(tmp_path):
    english = r"""<resources xmlns:xliff="x"><!-- a note -->
      <string name="one">Don\'t say "<b>%s</b>"\nnow</string><string name="kept" translatable="false">Anki</string>
      <string name="one" product="tablet">Not on the tablet</string><string name="city">A=Agra|Asia/Kolkata</string>
      <plurals name="day"><item quantity="one">a day</item><item quantity="other">%d days</item></plurals>
      <string-array name="list"><item>first</item><item>second</item></string-array></resources>"""
    hindi = r"""<resources xmlns:xliff="x">
      <string name="one">"<xliff:g id="N">%s</xliff:g> \u0905\u092d\u0940 न कहें"</string><string name="kept">अंकी</string>
      <string name="city">आ=आगरा|Asia/Kolkata</string><string name="gone">गया</string>
      <plurals name="day"><item quantity="one">%d दिन</item><item quantity="other">%d दिनों</item></plurals>
      <string-array name="list"><item>पहला</item><item>दूसरा</item></string-array></resources>"""
    for folder, text in (("values", english), ("values-hi", hindi)):
        (tmp_path / "res" / folder).mkdir(parents=True)
        (tmp_path / "res" / folder / "strings.xml").write_text(text, encoding="utf-8")
    made = rows("android.py", "android/some", "Apache-2.0", tmp_path)
    assert {row[:2] for row in made} == {("android/some", "Apache-2.0")}
    assert [row[2:] for row in made] == [
        ("Don't say %s now", "%s अभी न कहें"),
        ("Agra", "आगरा"),
        ("%d days", "%d दिनों"),
        ("first", "पहला"),
        ("second", "दूसरा"),
    ]


def test_trees_of_texts_in_packages_of_npm(tmp_path):
    names = [{"tts": ["red, heart"], "default": ["love"]}, {"tts": ["two-thirty"]}]
    hindi = [{"tts": ["लाल, दिल"], "default": ["प्यार"]}, {"tts": ["ढाई, घड़ी, 2:30"]}]
    folder = "package/annotations/{}/annotations.json"
    sides = {folder.format(code): json.dumps({"annotations": side}) for code, side in (("en", names), ("hi", hindi))}
    tgz(tmp_path / "cldr-annotations-full-1.0.tgz", sides)
    units = {"package/main/en/units.json": '{"main": {"en": {"long": {"a": "mile"}, "short": {"a": "mi"}}}}'}
    units["package/main/hi/units.json"] = '{"main": {"hi": {"long": {"a": "मील"}, "short": {"a": "मी"}}}}'
    tgz(tmp_path / "cldr-units-full-1.0.tgz", units)
    assert rows("trees.py", "cldr", tmp_path) == [
        ("cldr-annotations", "Unicode-3.0", "red, heart", "लाल, दिल"),
        ("cldr-units", "Unicode-3.0", "mile", "मील"),
    ]


def test_messages_of_a_wiki(tmp_path):
    english = {"@metadata": {"authors": ["Someone"]}, "a": "{{PLURAL:$1|a page|$1 pages}} by '''[[User:$2|$2]]'''"}
    hindi = {"@metadata": {"authors": ["कोई"]}, "a": "$2 के {{PLURAL:$1|पृष्ठ|$1 पृष्ठ}}"}
    english |= {"b": "About {{SITENAME}}", "c": "See [$1 the page]"}
    hindi |= {"b": "{{SITENAME}} के बारे में", "c": "[$1 पृष्ठ] देखें"}
    sides = {f"./usr/share/mediawiki/i18n/{code}.json": side for code, side in (("en", english), ("hi", hindi))}
    deb(tmp_path / "mediawiki_1_all.deb", {name: json.dumps(side) for name, side in sides.items()})
    assert [row[2:] for row in rows("trees.py", "mediawiki", tmp_path)] == [
        ("$1 pages by $2", "$2 के $1 पृष्ठ"),
        ("See the page", "पृष्ठ देखें"),
    ]


def jar(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def test_messages_of_a_browser(tmp_path):
    english = """# a note
quit = Quit { -brand-name(case: "x") }
    for good
    .title = Leave
tabs =
    { $n ->
        [one] Close a tab
       *[other] Close { $n } tabs
    }
"""
    hindi = """quit = { -brand-name } छोड़ें
    .title = जाएँ
tabs =
    { $n ->
       *[other] { $n } टैब बंद करें
    }
"""
    omni = {"localization/en-US/branding/brand.ftl": "-brand-name = Fox\n", "localization/en-US/a/b.ftl": english}
    pack = {"x/localization/hi-IN/branding/brand.ftl": "-brand-name = Fox\n", "x/localization/hi-IN/a/b.ftl": hindi}
    omni["chrome/en-US/locale/en-US/global/c.properties"] = "# note\nsave=Save %S\n"
    pack["chrome/hi-IN/locale/hi-IN/global/c.properties"] = "save = \\u0938हेजें %S\n"
    deb(tmp_path / "firefox-esr_1_all.deb", {"./usr/lib/firefox-esr/omni.ja": jar(omni)})
    deb(tmp_path / "firefox-esr-l10n-hi-in_1_all.deb", {"./usr/lib/langpack-hi-IN.xpi": jar(pack)})
    assert sorted(row[2:] for row in rows("firefox.py", tmp_path)) == [
        ("Close { $n } tabs", "{ $n } टैब बंद करें"),
        ("Leave", "जाएँ"),
        ("Quit Fox for good", "Fox छोड़ें"),
        ("Save %S", "सहेजें %S"),
    ]


def test_pages_of_help(tmp_path):
    page = '<body><p>Module</p><div id="DisplayArea">{}</div><footer><p>{}</p></footer></body>'
    sides = {
        "en-US": ["<h1 id='h'>Copy</h1><p>the <b>cell</b></p>", '<p id="a">Cut</p><p>more</p>', "Copying"],
        "hi": ["<h1 id='h'>नक़ल</h1><p>कक्ष</p>", '<p id="a">काटें</p>', "नक़ल करना"],
    }
    for code, (same, other, title) in sides.items():
        contents = f'<li><a target="_top" href="{code}/text/same.html?DbPAR=CALC">{title}</a></li>\\'
        files = {"contents.js": contents, "text/a.html": page.format(same, same), "text/b.html": page.format(other, "")}
        named = {f"./usr/share/libreoffice/help/{code}/{name}": text for name, text in files.items()}
        deb(tmp_path / f"libreoffice-help-{code.lower()}_1_all.deb", named)
    assert [row[2:] for row in rows("libreoffice.py", tmp_path)] == [
        ("Copying", "नक़ल करना"),
        ("Copy", "नक़ल"),
        ("the cell", "कक्ष"),
        ("Cut", "काटें"),
    ]


def field(tag, content):
    return bytes([tag]) + len(content).to_bytes(4, "big") + content


def test_messages_of_a_catalogue_of_qt(tmp_path):
    def message(source, *translations):
        forms = b"".join(field(3, text.encode("utf-16-be")) for text in translations)
        return forms + field(6, source.encode()) + field(7, b"Window") + b"\x01"

    messages = message("&Find %1", "%1 ढूँढें") + message("%n words", "%n शब्द", "%n शब्दों") + message("On && off", "चालू/बंद")
    qm = b"magic of 16 byte" + field(0xA7, b"hi") + field(0x42, b"12345678") + field(0x69, messages)
    deb(tmp_path / "goldendict_1_all.deb", {"./usr/share/goldendict/locale/hi_IN.qm": qm, "./other/de.qm": b""})
    assert rows("qt.py", tmp_path) == [
        ("debian_l10n/goldendict", "GPL-3.0-or-later", "Find %1", "%1 ढूँढें"),
        ("debian_l10n/goldendict", "GPL-3.0-or-later", "On & off", "चालू/बंद"),
    ]
