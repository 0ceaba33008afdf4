"""One form for texts: nothing damaged, nothing left to do, and what each option does."""

import unicodedata
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from datasel.text.languages import language
from datasel.text.moses import _LOOKED_FOR, Punctuation, Tokeniser
from datasel.text.moses_rules import rules
from datasel.text.normalisation import Normaliser

CODES = ("en", "hi", "ta", "ml", "bn", "de", "fr", "cs", "ru")
HINDI = "क्या हिन्दी ज़रूर कि़ ऩ ऩ अ१२. ,।॥-'\"()\u200c\u200d"
TAMIL = "தமிழ் மொழி ஆகும் ொ,.?!'()"
LATIN = "ab dstnA'’‘“”„«»`´…–— ,.:;?!%()\"<1 20\u00a0\u202f"
ODD = "é e\u0301 ß İ 😀 ❤\ufe0f 👩\u200d👧 \t\r\x00\x1b\u2028\u200b\ufeff\u00ad ক়ণ্\u200d ന്\u200d @#$&*_/\\[]{}|~^+="
ALPHABETS = (HINDI, TAMIL, LATIN, ODD, HINDI + TAMIL + LATIN + ODD)
TEXTS = st.one_of(*(st.text(alphabet=signs, max_size=24) for signs in ALPHABETS))
OPTIONS = st.fixed_dictionaries({
    "lower": st.booleans(), "strip_punctuation": st.booleans(), "nukta": st.booleans(),
    "joiners": st.sampled_from([None, True, False]), "words": st.sampled_from([None, "split", "join"]),
})  # fmt: skip


@cache
def normaliser(code, **options):
    return Normaliser(language(code), **options)


def normalised(text, code="en", **options):
    return normaliser(code, **options)(text)


# -- properties ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
@given(text=TEXTS, options=OPTIONS, numbers=st.booleans())
@example(text="don't say 'hello' to o'clock", options={"words": "split"}, numbers=False)
@example(text='"",,"".,', options={}, numbers=False)
@example(text="« un » l’eau : oui ?", options={"words": "split"}, numbers=False)
@example(text="covid-19", options={"strip_punctuation": True}, numbers=True)
def test_done_twice_is_done_once(code, text, options, numbers):
    normalise = normaliser(code, **options, numbers=numbers and code in ("en", "hi"))
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.lists(TEXTS, min_size=1, max_size=6), OPTIONS, st.sampled_from(CODES))
def test_a_text_does_not_depend_on_its_neighbours(texts, options, code):
    normalise = normaliser(code, **options)
    assert normalise("\n".join(texts)).split("\n") == [normalise(text) for text in texts]


def stray(text):
    """Marks that stand at the beginning or after a space."""
    return [char for before, char in zip(" " + text, text) if unicodedata.category(char)[0] == "M" and before.isspace()]


WORDS = st.lists(
    st.text(alphabet="किक्याज़़डुाेंँ्\u200d\u200cதமிொ்ழക്ഷিবা'", min_size=1, max_size=8)
    .map(lambda word: "क" + word), max_size=6,
)  # fmt: skip
BETWEEN = st.sampled_from(
    [" ", "  ", ", ", "। ", " - ", "-", "।", "(", ") ", " “", "” ", "…", "\u00a0", "/", " 5 ", "😀"]
)


@pytest.mark.parametrize("code", CODES)
@given(words=WORDS, between=BETWEEN, options=OPTIONS)
@example(words=["\u0d15\u0d15\u0d4d\u200d"], between=" ", options={"nukta": True, "joiners": True})
def test_no_mark_is_parted_from_its_letter(code, words, between, options):
    """Nor is one lost, but for nuktas that are not wanted, and the virama of a letter's old spelling."""
    text = unicodedata.normalize("NFC", between.join(words))
    made = normalised(text, code, **options)
    assert not stray(made)
    if options["nukta"] and options["joiners"]:
        kept = unicodedata.normalize("NFC", text.replace("\u0d15\u0d4d\u200d", "\u0d7f"))
        assert [char for char in made if unicodedata.category(char)[0] == "M"] == [
            char for char in kept if unicodedata.category(char)[0] == "M"
        ]


@given(TEXTS, st.sampled_from(CODES))
def test_letters_stay_in_their_order(text, code):
    def letters(text):
        return [char for char in unicodedata.normalize("NFC", text) if char.isalnum()]

    joined = text.replace("\u0d28\u0d4d\u200d", "\u0d7b")  # a letter's old spelling
    assert letters(normalised(text, code)) == letters(joined)


def single_spaced(text):
    return " ".join(filter(None, text.replace("\u202f", "\u00a0").split(" ")))


@pytest.mark.parametrize("code", ["en", "de", "fr", "cs", "hi"])
@given(lines=st.lists(st.text(alphabet=LATIN + HINDI).map(single_spaced), max_size=5))
@example(lines=['Er sagte "ja."', "x"])
@example(lines=["a<", '"<', '<".'])
def test_punctuation_is_as_sacremoses_makes_it(code, lines):
    from sacremoses import MosesPunctNormalizer

    normalise = MosesPunctNormalizer(code, norm_numbers=False).normalize
    for line, made in zip(lines, Punctuation(code)(lines), strict=True):
        if not _LOOKED_FOR.search(line):
            assert normalise(line) == line == made
        elif made != line:
            assert made.strip() == normalise(line)


# -- what each does --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \t b\u00a0c\u3000 ", "a b c"),
        ("a\rb\x85c\u2028d\x1fe", "a b c d e"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffbom\x00\x07", "softhyphen zerowidth bom"),
        ("cafe\u0301", "café"),
        ("“Hi” ‘there’ — it’s…", "\"Hi\" 'there' - it's..."),
        ("10\u00a0000", "10 000"),  # and not 10.000, as Moses has it
        ("f ( x ) , y", "f (x), y"),
        ('"quoted",', '"quoted,"'),
        ("👩\u200d👧 \u0644\u200c\u0627", "👩\u200d👧 \u0644\u200c\u0627"),
        ("x\ufffcy \ufffd", "x y \ufffd"),
        ("", ""),
        (" \t ", ""),
    ],
)
def test_what_is_always_done(text, expected):
    assert normalised(text) == expected


def test_a_run_of_quotes_takes_no_time():
    text = '"' * 20_000 + ","
    assert normalised(text) == text


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("hi", "\u0915\u094d\u200d\u092f\u093e", "क्या"),
        ("hi", "\u0928\u200d\u093c", "\u0929"),  # then NFC
        ("hi", "👩\u200d👧 \u0645\u06cc\u200c\u062e", "👩\u200d👧 \u0645\u06cc\u200c\u062e"),
        ("hi-IN", "\u0915\u094d\u200c\u0937", "क्ष"),
        ("mr", "\u0926\u0930\u094d\u200d\u092f\u093e", "\u0926\u0930\u094d\u200d\u092f\u093e"),
        ("ml", "\u0d05\u0d35\u0d28\u0d4d\u200d", "\u0d05\u0d35\u0d7b"),
        ("bn", "\u0989\u09a4\u09cd\u200d\u09b8", "\u0989\u09ce\u09b8"),
        ("bn", "\u09b0\u200d\u09cd\u09af\u09be\u09ac", "\u09b0\u200d\u09cd\u09af\u09be\u09ac"),
    ],
)
def test_joiners(code, text, expected):
    assert normalised(text, code) == expected


def test_joiners_on_request():
    text = "\u0915\u094d\u200d\u092f\u093e"
    assert normalised(text, "hi", joiners=True) == text
    assert normalised(text, "mr", joiners=False) == "क्या"


def test_nukta():
    assert normalised("\u095b\u0930\u093e", "hi") == "ज़रा"
    assert normalised("ज़रा लड़का \u0929 \u0928\u093c", "hi", nukta=False) == "जरा लडका न न"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't 'stop', rock 'n' roll, dogs'", "don't stop rock n roll dogs"),
        ("क्या? हाँ। डॉ॰ राम॥ ई-मेल", "क्या हाँ डॉ राम ई मेल"),
        ("b. b. c. & ₹500 + 5% © 😀 ❤\ufe0f 👩\u200d👧", "b b c 500 5"),
        ("1\ufe0f\u20e3 ॐ ½ a_b", "1\ufe0f\u20e3 ॐ ½ a b"),
        ("क.\u093f ख", "क.\u093f ख"),  # a point that bears a vowel sign
        ("!?", ""),
    ],
)
def test_without_punctuation(text, expected):
    assert normalised(text, "hi", strip_punctuation=True) == expected


def test_lower_case():
    assert normalised("AC ÉTÉ ΣΑΣ हिन्दी", lower=True) == "ac été σας हिन्दी"


def test_numbers_hidden_in_punctuation():
    options = {"numbers": True, "strip_punctuation": True}
    assert normalised("(1,000) at 7:30, covid-19!", **options) == "one thousand at seven thirty covid nineteen"
    assert normalised("७:३० पर", "hi", **options) == "सात तीस पर"
    with pytest.raises(ValueError, match="not in 'ta'"):
        normalised("", "ta", numbers=True)


def test_words_of_numbers_follow_the_other_options():
    assert normalised("1000", "hi", numbers=True, nukta=False) == "एक हजार"


# -- tokens ----------------------------------------------------------------------------------------------------------

TAMIL_SENTENCE = "தமிழ் மொழி (Tamil language) தமிழர்களினதும், தமிழ் பேசும் பலரதும் தாய்மொழி ஆகும்."


@pytest.mark.parametrize("code", ["hi", "en", "hi-Latn"])
def test_sacremoses_issue_42(code):
    assert normalised("क्या", code, words="split") == "क्या"


def test_sacremoses_issue_73():
    made = normalised(TAMIL_SENTENCE, "ta", words="split")
    assert made.split(" ") == [
        "தமிழ்", "மொழி", "(", "Tamil", "language", ")", "தமிழர்களினதும்", ",", "தமிழ்", "பேசும்", "பலரதும்", "தாய்மொழி",
        "ஆகும்", ".",
    ]  # fmt: skip
    assert normalised(made, "ta", words="join") == TAMIL_SENTENCE


@pytest.mark.parametrize(
    ("code", "text", "tokens"),
    [
        ("en", "I don't know, Mr. O'Neill.", "I don 't know , Mr. O 'Neill ."),
        ("en", 'She said "yes" & left (at 5,000.50).', 'She said " yes " & left ( at 5,000.50 ) .'),
        ("fr", "L'eau n'est pas là.", "L' eau n' est pas là ."),
        ("hi", 'उसने कहा "हाँ", ई-मेल (21.5) 7:30।', 'उसने कहा " हाँ " , ई-मेल ( 21.5 ) 7:30 ।'),
        ("hi", "wait... what?!", "wait ... what ? !"),
        ("ru", "Привет, мир!", "Привет , мир !"),
        ("en", "play गाना, please!", "play गाना , please !"),
        ("en", "x\u030c, y", "x\u030c , y"),
    ],
)
def test_tokens_and_back(code, text, tokens):
    assert normalised(text, code, words="split") == tokens
    assert normalised(tokens, code, words="split") == tokens
    assert normalised(tokens, code, words="join") == text


@given(st.text(alphabet="abdstn' ,.!?\"()", max_size=30))
def test_latin_text_is_taken_apart_by_moses(text):
    from sacremoses import MosesTokenizer

    text = " ".join(text.split())
    assert Tokeniser("en", True).split(text) == " ".join(MosesTokenizer("en").tokenize(text, escape=False))


WORD = st.sampled_from(["a", "I", "Mr", "No", "nos", "etc", "don", "s", "12", "3rd", "quot", "DOTMULTI", "DOTDOTMULTI"])


@given(st.sampled_from(["en", "fr", "it", "fi"]), st.lists(WORD | st.sampled_from('.,?!:;()"'), min_size=1, max_size=8))
def test_what_moses_leaves_as_it_is_does_not_go_there(code, tokens):
    from sacremoses import MosesTokenizer

    assert Tokeniser(code, True).split(" ".join(tokens)) == " ".join(
        MosesTokenizer(code).tokenize(" ".join(tokens), escape=False)
    )


@pytest.mark.parametrize("text", ["say 'hello there' now", "it's 'so', isn't it?"])
def test_running_text_is_not_joined_wrongly(text):
    assert normalised(text, words="join") == text


def test_tokens_of_other_tokenisers():
    assert normalised("it 's so , is n't it ?", words="join") == "it's so, isn't it?"


# -- languages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "code", "latin"),
    [("en", "en", True), ("HI", "hi", False), ("hi-IN", "hi", False), ("hi-Latn-IN", "hi", True), ("en_US", "en", True),
     ("kok", "kok", False), ("sr-Latn", "sr", True), ("uz-Cyrl", "uz", False)],
)  # fmt: skip
def test_languages(tag, code, latin):
    assert language(tag) == (code, latin)


@pytest.mark.parametrize("tag", ["", "xx", "english", "-hi"])
def test_unknown_languages(tag):
    with pytest.raises(ValueError, match="no language that is known"):
        language(tag)


@pytest.mark.parametrize("code", ["tr", "az"])
def test_the_dotless_i(code):
    normalise = Normaliser(language(code), lower=True)
    assert normalise("IĞDIR İZMİR I\u0307zmir ıi") == "ığdır izmir izmir ıi"
    assert Normaliser(language("en"), lower=True)("IDEA") == "idea"


_MOSES = st.text(st.sampled_from("ab Z19.,'\"?-!:%&<`é\t\0\u00a0")) | st.lists(
    st.sampled_from(["No.", "Mr.", "e.g.", "so", "9", "...", "'t", "don't", "1,000", ",", "DOTMULTI"])
).map(" ".join)


@pytest.mark.parametrize("code", ["en", "fr", "de"])
@given(text=_MOSES)
def test_the_rules_of_moses_are_those_of_sacremoses(code, text):
    from sacremoses import MosesTokenizer

    assert rules(code)(text) == " ".join(MosesTokenizer(code).tokenize(text, escape=False))
