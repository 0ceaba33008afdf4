"""The scripts of examples/data, and packages for them to read."""

import io
import subprocess
import sys
import tarfile
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "examples" / "data"


def run(script, *arguments):
    return subprocess.run([sys.executable, DATA / script, *map(str, arguments)], capture_output=True, encoding="utf-8")


def rows(script, *arguments):
    """What a script writes, which must not fail."""
    done = run(script, *arguments)
    assert done.returncode == 0, done.stderr
    return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


def deb(path, files):
    """A Debian package with these files, by name."""
    members = {"debian-binary": b"2.0\n", "control.tar": tar({}), "data.tar": tar(files)}
    with path.open("wb") as file:
        file.write(b"!<arch>\n")
        for member, raw in members.items():
            head = f"{member:16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(raw):<10}`\n"
            file.write(head.encode() + raw + b"\n" * (len(raw) % 2))


def tgz(path, files):
    """A package of npm."""
    path.write_bytes(tar(files, "w:gz"))


def tar(files, mode="w"):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:
        for name, content in files.items():
            content = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()
