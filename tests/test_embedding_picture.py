"""Utterances in the plane, and the pictures of them."""

import base64
import warnings
from html import escape
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")
from threadpoolctl import threadpool_limits

from datasel.embedding import picture, projection

TEXTS = ["play adele", "Play <b>Adele</b>!", "say \"hey\" & 'bye'", "नमस्ते दुनिया", "", "&amp;"]
TEXTS += [f"{what} at {hour}" for what in ("wake me up", "set an alarm", "will it rain") for hour in range(9)]
NAMES = ("annotated", "added")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=["pca", "tsne"])
def points(request):
    return projection.plane(projection.ngram_vectors(TEXTS, 1), request.param, 1)


def drawn(points, form, title="added utterances", held=10):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return picture.draw(points[:held], points[held:], NAMES, title, form, TEXTS)


def size(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[-8:-4] == b"IEND"
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_the_number_of_threads_changes_no_vector():
    found = set()
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.add(projection.ngram_vectors(TEXTS * 20, 1).tobytes())
    assert len(found) == 1


def test_png(points):
    assert size(drawn(points, "png")) == (960, 720)


def test_svg(points):
    root = ElementTree.fromstring(drawn(points, "svg"))
    assert root.tag == SVG + "svg"
    marks = [len(list(each.iter(SVG + "use"))) for each in root.iter(SVG + "g") if "PathColl" in each.get("id", "")]
    assert sorted(marks)[-2:] == [10, len(TEXTS) - 10]


def test_html_shows_each_text_where_its_point_is(points):
    page = drawn(points, "html", "a <title> & more")
    text = page.decode()
    root = ElementTree.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])
    spots = list(root.iter(SVG + "circle"))
    assert [spot.findtext(SVG + "title") for spot in spots] == TEXTS
    for said in TEXTS:
        assert f"<title>{escape(said)}</title>" in text
    assert "<b>" not in text and f"<title>{escape('a <title> & more')}</title>" in text
    (image,) = root.iter(SVG + "image")
    kind, _, data = image.get("href").partition(",")
    assert kind == "data:image/png;base64" and size(base64.b64decode(data)) == (960, 720)
    places = np.array([[float(spot.get("cx")), -float(spot.get("cy"))] for spot in spots])
    assert (places >= [0, -720]).all() and (places <= [960, 0]).all()
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (places - places.min(axis=0)) / (places.max(axis=0) - places.min(axis=0))
    assert scaled == pytest.approx((points - low) / (high - low), abs=1e-3)


@pytest.mark.parametrize("form", ["png", "svg", "html"])
def test_the_same_bytes_twice(form, points):
    assert drawn(points, form) == drawn(points.copy(), form)
    assert drawn(points, form) != drawn(points, form, held=11)


@pytest.mark.parametrize("title", ["", "हिन्दी", r"costs $5 and $\frac", "<&>"])
def test_any_title_is_plain_text(title):
    points = np.random.default_rng(1).normal(size=(len(TEXTS), 2))
    assert drawn(points, "png", title) != drawn(points, "png", "another")


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_the_plane_is_the_same_every_time(method):
    one, again = (projection.plane(projection.ngram_vectors(TEXTS, 1), method, 1) for _ in range(2))
    assert one.shape == (len(TEXTS), 2) and (one == again).all()


def test_like_utterances_are_near_each_other(points):
    def spread(rows):
        return np.linalg.norm(rows - rows.mean(axis=0), axis=1).mean()

    groups = [points[start : start + 9] for start in (6, 15, 24)]
    assert max(map(spread, groups)) < spread(points) / 2


def test_vectors_are_of_n_grams():
    made = projection.ngram_vectors([*TEXTS, "Play Adele", "play adele!"], 1)
    assert made.shape == (len(TEXTS) + 2, len(TEXTS) + 1)
    assert made[-1] == pytest.approx(made[0], abs=1e-9) and made[-2] == pytest.approx(made[0], abs=1e-9)
    lengths = np.linalg.norm(made, axis=1)
    assert lengths[TEXTS.index("")] == 0 and lengths.max() < 1.01


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("texts", [["a", "b", "c"], [""] * 4, ["same"] * 12, ["one", "two words"] * 10])
def test_few_or_equal_utterances(texts, method):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        points = projection.plane(projection.ngram_vectors(texts, 1), method, 1)
    assert points.shape == (len(texts), 2) and np.isfinite(points).all()
    for held in (0, 1):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert size(picture.draw(points[:held], points[held:], NAMES, "", "png", texts)) == (960, 720)


@pytest.mark.parametrize("away", [0.0, 1e-300, 1e-17, 1e-12, 1e-9, 1e-8, 1e-7, 1e-3])
def test_utterances_on_a_line_or_nearly(away):
    places = np.stack([np.arange(30.0), away * (np.arange(30) % 2)], axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert size(picture.draw(places[:10], places[10:], NAMES, "a line", "png", [])) == (960, 720)
