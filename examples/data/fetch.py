"""Download the files of a source and check them: fetch.py SOURCE FOLDER

sources.tsv has the address of each source, sums/SOURCE.sha256 its files with their SHA-256. What is there and right is
not downloaded again, and what was cut short goes on where it ended. Exit status 1 where a file is missing or wrong. Of
an address "apt", "pip" or "npm" the files are packages (NAME=VERSION, NAME==VERSION, NAME@VERSION), which that program
downloads from where it is set up to. A Debian package that is no longer there is downloaded from Debian's snapshots.
"""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
SNAPSHOT = "https://snapshot.debian.org/archive/debian/20261128T000000Z"  # when the sums were made
PACKAGES = {
    "apt": ["apt-get", "download", "-qq"],
    "pip": [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"],
    "npm": ["npm", "pack", "--silent"],
}


def main() -> None:
    source, folder = sys.argv[1], Path(sys.argv[2])
    with (HERE / "sources.tsv").open(encoding="utf-8", newline="") as file:
        addresses = {row["source"]: row["address"] for row in csv.DictReader(file, delimiter="\t")}
    listed = (HERE / "sums" / f"{source}.sha256").read_text(encoding="utf-8").splitlines()
    failed = []
    for done, line in enumerate(listed, 1):
        total, _, name = line.partition("  ")
        if addresses[source] in PACKAGES:
            name, _, path = name.partition(" ")
            place = folder / Path(path).name
        else:
            place = folder / name
        if sys.stderr.isatty():
            print(f"\rfetch.py: {source} {done}/{len(listed)}", end="", file=sys.stderr, flush=True)
        if place.is_file() and digest(place) == total:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            if addresses[source] == "apt":
                debian_package(name, path, place)
            elif addresses[source] in PACKAGES:
                package(addresses[source], name, place)
            else:
                download(f"{addresses[source]}/{urllib.parse.quote(name)}", place)
            if digest(place) != total:
                place.unlink()
                raise OSError("its SHA-256 is another")
        except OSError as error:
            failed.append(name)
            print(f"\nfetch.py: {name}: {error}", file=sys.stderr)
    print(f"\rfetch.py: {source}: {len(listed) - len(failed)} of {len(listed)} files", file=sys.stderr)
    if failed:
        sys.exit(f"fetch.py: {source}: {len(failed)} of {len(listed)} files are missing")


def download(address: str, place: Path) -> None:
    """Into a file beside, from where it ended the last time; OSError where it cannot."""
    part = place.with_name(place.name + ".part")
    there = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={there}-"} if there else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            out = part.open("ab" if answer.status == 206 else "wb")
            with out:
                while block := answer.read(1 << 20):
                    out.write(block)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # nothing is left to read
            raise
    part.replace(place)


def debian_package(name: str, path: str, place: Path) -> None:
    try:
        package("apt", name, place)
    except OSError as error:
        archive = SNAPSHOT.replace("/debian/", "/debian-security/") if path.startswith("pool/updates/") else SNAPSHOT
        try:
            download(f"{archive}/{urllib.parse.quote(path)}", place)
        except OSError:
            raise error from None


def package(kind: str, name: str, place: Path) -> None:
    """A package of exactly this version, under its name in the archive."""
    done = subprocess.run([*PACKAGES[kind], name], cwd=place.parent, capture_output=True, text=True)
    if done.returncode:
        raise OSError((done.stderr.strip().splitlines() or [f"{kind} failed"])[-1])
    if kind != "apt":
        return
    package_name, _, version = name.partition("=")
    for path in place.parent.glob(f"{package_name}_{version.replace(':', '%3a')}_*.deb"):
        path.replace(place)  # without the epoch that apt-get puts into it


def digest(path: Path) -> str:
    with path.open("rb") as file:
        made = hashlib.sha256()
        while block := file.read(1 << 20):
            made.update(block)
    return made.hexdigest()


if __name__ == "__main__":
    main()
