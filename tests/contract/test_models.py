"""Model files: nothing in them is executed, and one that is not sound is refused in one line that names it."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

from datasel.embedding import fasttext_file
from datasel.records import described as described_file
from datasel.records import folder, onnxfile

from .calls import MODELS
from .cases import Case, cases, every, maker
from .running import Result, complaint, succeeded

ARPA = ("build-arpa", "lm-mix")  # make what many programs make and read, and no format of ours


def is_arpa(name: str) -> bool:
    """Whether a model of MODELS is such a file."""
    return maker(name) in ARPA


def of_each_kind(condition=lambda case: True):
    """Parametrises over commands that take models: for each command that makes models the first that takes them.

    Where a model goes into a model it goes into its signature as well, so those are left out.
    """
    chosen, met = [], set()
    for case in cases():
        kinds = {maker(name) for name in case.models}
        if case.writes != "model" and not kinds <= met:
            met |= kinds
            chosen += [case] if condition(case) else []
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case.id)


makes = every(lambda case: case.writes == "model" and not case.call.rows)
takes = every(lambda case: case.models and case.writes != "model", once=True)
takes_each_kind = of_each_kind()
takes_ours = of_each_kind(lambda case: any(not is_arpa(name) for name in case.models))


def models(rig, case: Case) -> Iterator[tuple[str, bytes]]:
    """Name and content of each model in the call."""
    for name in case.models:
        yield name, Path(rig.files[name]).read_bytes()


def ours(rig, case: Case) -> Iterator[tuple[str, bytes]]:
    """Those that are in a format of ours."""
    return ((name, content) for name, content in models(rig, case) if not is_arpa(name))


def run_with(rig, case: Case, model: str, content: bytes | str) -> tuple[Result, str]:
    """The call with another file in place of a model (its content, or its path)."""
    path = content if isinstance(content, str) else rig.file(content, "other.model")
    argv = [path if word == rig.files[model] else word for word in rig.argv(case)]
    return rig.call(argv, case.lines(12)), path


def refused(rig, case: Case, model: str, content: bytes | str, why: str = "") -> None:
    result, path = run_with(rig, case, model, content)
    said = complaint(result)
    assert names(said, path), said
    assert why in said, said
    assert result.out == b"", f"{result}"


def names(said: str, path: str) -> bool:
    """The file, and perhaps the line that is wrong."""
    return re.match(re.escape(path) + r"(:\d+)?: ", said) is not None


def is_tar(content: bytes) -> bool:
    """Whether it is a model of several files."""
    return content.startswith(b"datasel.json\0")


def archive(content: bytes) -> dict[str, bytes] | None:
    """The members of a model that is a zip or a tar archive of ours, or None."""
    if is_tar(content):
        return folder.unpacked(content)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return None
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def is_fasttext(content: bytes) -> bool:
    """Whether a model is fastText's, with our description behind it."""
    return content.startswith(fasttext_file.MAGIC)


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return out.getvalue()


def repacked(content: bytes, members: dict[str, bytes]) -> bytes:
    """Members in an archive of the kind that ``content`` is."""
    return folder.packed(members) if is_tar(content) else packed(members)


def description(content: bytes) -> dict:
    """What a model says of itself."""
    if members := archive(content):
        return json.loads(members["datasel.json"])
    if is_fasttext(content):
        return json.loads(content[content.rindex(described_file._MARK) + len(described_file._MARK) :])
    ((name, said),) = ((entry.key, entry.value) for entry in onnx.load_model_from_string(content).metadata_props)
    assert name == "datasel"
    return json.loads(said)


def described(content: bytes, network: bytes | None = None, **changes) -> bytes:
    """The model with other things said of it in its description (or with another network, which its sum fits)."""
    said = description(content)
    if members := archive(content):
        return repacked(content, {**members, "datasel.json": json.dumps({**said, **changes}).encode()})
    if is_fasttext(content):
        body = content[: content.rindex(described_file._MARK)]
        del said["sha256"]
        said |= changes
        said["sha256"] = described_file._sum(said, described_file.digest(body))
        return body + described_file._MARK + json.dumps(said).encode() + b"\n"
    network = content[: said["network_bytes"]] if network is None else network
    said = {**said, "network_bytes": len(network), **changes}
    del said["sha256"]
    said["sha256"] = onnxfile._sum(said, network)
    return network + onnxfile._entry(json.dumps(said).encode())


@pytest.mark.behaviour(25)
@makes
def test_a_model_says_what_it_is(case, rig):
    """An ARPA file in its first line, which no reader of such files looks at."""
    if case.name in ARPA:
        assert rig.usual(case).lines[0].startswith(f"# {case.name}|".encode())
        return
    said = description(rig.usual(case).out)
    assert set(said) >= {"kind", "format", "datasel", "signature", "settings"}
    assert said["signature"].startswith(f"{case.name}|")


@pytest.mark.behaviour(25)
@makes
def test_a_model_holds_arrays_and_json_and_no_pickle(case, rig):
    """Or it is a network of ONNX, of standard operators, complete in itself; or the text of an ARPA file."""
    made = rig.usual(case).out
    if case.name in ARPA:
        assert re.fullmatch(r"# [^\n]+\n\\data\\\n[\w\W]+\n\\end\\\n", made.decode())
        return
    members = archive(made)
    if is_fasttext(made):
        assert made.endswith(b"}\n")
        return
    if members is None:
        network = onnx.load_model_from_string(made)
        onnx.checker.check_model(network, full_check=True)
        assert not network.functions
        assert {node.domain for node in network.graph.node} == {opset.domain for opset in network.opset_import} == {""}
        assert not any(array.external_data for array in network.graph.initializer)
        return
    kinds = {".json", ".bin", ".model", ".npz"} if is_tar(made) else {".json", ".npy"}
    assert set(os.path.splitext(name)[1] for name in members) == kinds
    if is_tar(made):
        with np.load(io.BytesIO(members["weights.npz"]), allow_pickle=False) as weights:
            assert all(weights[name].dtype == np.float32 for name in weights)
    for name, content in members.items():
        if name.endswith(".npy"):
            assert np.load(io.BytesIO(content), allow_pickle=False).dtype != object


@pytest.mark.behaviour(25)
@every(lambda case: case.call.rows)
def test_rows_are_an_array_and_no_pickle(case, rig):
    rows = np.load(io.BytesIO(rig.usual(case).out), allow_pickle=False)
    assert rows.dtype == np.float32
    assert rows.ndim == 2


@pytest.mark.behaviour(15, 10)
@takes_each_kind
@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.7, 0.999])
def test_a_truncated_model_is_refused(case, share, rig):
    for model, content in models(rig, case):
        refused(rig, case, model, content[: int(len(content) * share)])


@pytest.mark.behaviour(15, 10)
@takes_each_kind
def test_a_file_of_another_format_is_refused(case, rig):
    array = io.BytesIO()
    np.save(array, np.arange(3))
    foreign = [
        b"\n", b"{}\n", case.lines(2), os.urandom(5000), b"\x1f\x8b\x08\x00" + bytes(20), b"PK\x03\x04" + bytes(100),
        array.getvalue(), packed({}), packed({"a.npy": array.getvalue()}), packed({"datasel.json": b"{"}),
        packed({"datasel.json": b"[]"}), packed({"datasel.json": b"{}"}), packed({"datasel.json": b"\xff"}),
        pickle.dumps({"a": 1}), onnxfile._entry(b"{}"), onnxfile._entry(b"[]"), onnxfile._entry(b"\xff"),
        onnxfile._entry(b"{") * 2, onnxfile._named(), onnx.ModelProto(ir_version=9).SerializeToString(),
    ]  # fmt: skip
    for model, _ in models(rig, case):
        for content in foreign:
            refused(rig, case, model, content)


@pytest.mark.behaviour(15, 10)
@takes_ours
def test_a_newer_model_is_refused(case, rig):
    for model, content in ours(rig, case):
        newer = described(content, format=description(content)["format"] + 1, datasel="99.0")
        refused(rig, case, model, newer, "newer")


@pytest.mark.behaviour(15, 10)
@takes_each_kind
def test_a_model_of_another_kind_is_refused(case, rig):
    for model, content in models(rig, case):
        if not is_arpa(model):
            refused(rig, case, model, described(content, kind="another"), "kind")
        for name in MODELS:
            if maker(name) != maker(model):
                refused(rig, case, model, rig.files[name])


@pytest.mark.behaviour(15, 10)
@takes_ours
def test_a_model_without_its_parts_is_refused(case, rig):
    """Its description is right, what it speaks of is missing or is something else."""
    for model, content in ours(rig, case):
        members = archive(content) or {}
        settings = description(content)["settings"]
        again = succeeded(run_with(rig, case, model, described(content))[0])
        assert again.out == rig.usual(case).out or case.writes == "model"  # it bears the digest of what it is made of
        refused(rig, case, model, described(content, settings=None))
        refused(rig, case, model, described(content, settings=[]))
        needed = 0
        for name in settings:
            without = described(content, settings={key: value for key, value in settings.items() if key != name})
            result, path = run_with(rig, case, model, without)
            if result.status:  # else it is of no use here
                needed += 1
                assert names(complaint(result), path) and not result.out, result
                refused(rig, case, model, described(content, settings={**settings, name: {"x": 1}}))
        assert needed
        for name in members:
            if name != "weights.npz":  # of no use but for --init
                without = {key: value for key, value in members.items() if key != name}
                refused(rig, case, model, repacked(content, without))
            if name.endswith(".npy"):
                refused(rig, case, model, packed({**members, name: members[name][:-1]}))
                refused(rig, case, model, packed({**members, name: members[name][:20]}))
                refused(rig, case, model, packed({**members, name: b""}))


def _unfit(settings: dict) -> dict:
    """Settings and values that do not go with the network: of a detector, an encoder or an acoustic model."""
    if "buckets" in settings:
        return {
            "buckets": (settings["buckets"] + 1, 1, 0, -7, 1 << 40, "many"), "pieces": (settings["pieces"] + 1, None),
            "scale": (0, -1.5, "8"), "shift": ("low", None),
        }  # fmt: skip
    if "tokenizer" in settings:
        return {
            "tokenizer": ("", "no base 64", "AAAA", 7), "prefix": (None, 7, ["query: "]),
            "network_sha256": (settings["network_sha256"][::-1], "", None, 7),
        }  # fmt: skip
    tokens = settings["tokens"]
    return {
        "tokens": (tokens[:-1], [*tokens, "more"], [], "many", [*tokens[:-1], 7]), "blank": ("none", None, 0),
        "silence": ("none", 1), "reads": ("text", "emissions", None), "sample_rate": (0, -8000, "high"),
        "frame_rate": (0, -50, "low"),
    }  # fmt: skip


@pytest.mark.behaviour(15, 10)
@takes_ours
def test_a_network_and_settings_that_do_not_fit_are_refused(case, rig):
    """Each sound in itself, and the sum over both right."""
    for model, content in ours(rig, case):
        if archive(content) or is_fasttext(content):
            continue
        said = description(content)
        settings, network = said["settings"], onnx.load_model_from_string(content[: said["network_bytes"]])
        for name, values in _unfit(settings).items():
            for value in values:
                refused(rig, case, model, described(content, settings={**settings, name: value}))
        for change in ("input", "output"):
            other = onnx.ModelProto()
            other.CopyFrom(network)
            onnx.compose.add_prefix(other, "another_", inplace=True, rename_inputs=change == "input",
                                    rename_outputs=change == "output", rename_nodes=False, rename_edges=False,
                                    rename_initializers=False, rename_value_infos=False)  # fmt: skip
            refused(rig, case, model, described(content, other.SerializeToString()))
        other = onnx.ModelProto()
        other.CopyFrom(network)
        del other.graph.node[:]  # the same inputs and outputs, but not a vector a text
        ends = [network.graph.input[0].name], [network.graph.output[0].name]
        other.graph.node.append(onnx.helper.make_node("Cast", *ends, to=onnx.TensorProto.FLOAT))
        other.graph.output[0].type.tensor_type.ClearField("shape")
        refused(rig, case, model, described(content, other.SerializeToString()))
        for nothing in (b"", b"\x08\x09", onnx.ModelProto().SerializeToString()):
            refused(rig, case, model, described(content, nothing))


@pytest.mark.behaviour(15, 10)
@takes_ours
def test_a_description_that_was_changed_is_refused(case, rig):
    """Where a model bears the sum of all that it holds, its settings included."""
    for model, content in ours(rig, case):
        said = description(content)
        if "sha256" not in said or is_fasttext(content):
            continue
        network = content[: said["network_bytes"]]
        for name, value in {**said["settings"], "more": 0}.items():
            changed = {**said["settings"], name: 1 if value == 0 else 0}
            refused(rig, case, model, network + onnxfile._entry(json.dumps({**said, "settings": changed}).encode()))
        for sum_of in ("", None, 7, said["sha256"][::-1]):
            refused(rig, case, model, network + onnxfile._entry(json.dumps({**said, "sha256": sum_of}).encode()))
        for length in (0, -1, None, "1", len(network) - 1, len(network) + 1, 1 << 70):
            changed = {**said, "network_bytes": length}
            refused(rig, case, model, network + onnxfile._entry(json.dumps(changed).encode()))


@pytest.mark.behaviour(15, 10)
@takes_ours
def test_arrays_out_of_step_are_refused_or_harmless(case, rig):
    """Each of half its length, though sound in itself."""
    for model, content in ours(rig, case):
        for name, member in (archive(content) or {}).items():
            if name.endswith(".npy"):
                array, half = np.load(io.BytesIO(member), allow_pickle=False), io.BytesIO()
                np.save(half, array[: len(array) // 2])
                result, path = run_with(rig, case, model, packed({**archive(content), name: half.getvalue()}))
                if result.status:
                    assert complaint(result).startswith(f"{path}: "), name
                else:
                    succeeded(result)


@pytest.mark.behaviour(15, 10)
@takes_each_kind
def test_a_pickle_in_a_model_is_refused_and_not_executed(case, rig, tmp_path):
    class Wild:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "executed"),)

    array = io.BytesIO()
    np.save(array, np.array([Wild()], object), allow_pickle=True)
    for model, content in models(rig, case):
        members = archive(content)
        if members is not None:
            for name in members:
                if name.endswith(".npy"):
                    refused(rig, case, model, repacked(content, {**members, name: array.getvalue()}))
        refused(rig, case, model, pickle.dumps(Wild()))
        refused(rig, case, model, array.getvalue())
    assert not list(tmp_path.iterdir())


@pytest.mark.behaviour(15, 10)
@takes_each_kind
@pytest.mark.parametrize("places", [15, pytest.param(60, marks=pytest.mark.slow)])
def test_a_damaged_model_is_refused_or_harmless(case, places, rig):
    """A flipped byte anywhere: found out, or in a place that does not matter."""
    wanted = rig.usual(case).out
    for model, content in models(rig, case):
        found_out = 0
        for place in range(7, len(content), len(content) // places):
            damaged = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
            result, path = run_with(rig, case, model, damaged)
            if result.status == 0:  # an ARPA file has no sum, and a word in it may have become another
                assert succeeded(result).out == wanted or is_arpa(model), place
            else:
                assert names(complaint(result), path), place
                found_out += 1
        assert found_out > places * 2 // 3


@pytest.mark.behaviour(15, 10, 3)
@takes_each_kind
def test_a_model_that_is_a_folder_is_refused(case, rig, tmp_path):
    for model, _ in models(rig, case):
        refused(rig, case, model, str(tmp_path), "Is a directory")


@pytest.mark.behaviour(15, 10)
@takes
def test_what_is_no_model_is_refused(case, rig):
    """By every command: one that is cut off, one of another kind, text."""
    for model, content in models(rig, case):
        other = next(name for name in MODELS if maker(name) != maker(model))
        for wrong in (content[: len(content) * 2 // 3], rig.files[other], b"{}\n"):
            refused(rig, case, model, wrong)


@pytest.mark.behaviour(25)
@takes
def test_a_model_may_be_anywhere(case, rig, tmp_path):
    for model, content in models(rig, case):
        path = rig.file(content, "a model.of any name", tmp_path)
        assert run_with(rig, case, model, path)[0].out == rig.usual(case).out
