"""Programs run by warm interpreters (programs.py) are like the installed ones to whoever calls them."""

import os
import shutil
import subprocess
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "examples" / "samples"
SHELL = """
set -o pipefail
{ normalize-text --text - </dev/null; normalize-text seed.jsonl; datasel dedup < seed.jsonl | head -n 2; } > both
normalize-text --print text <(head -n 3 pool.jsonl) --rejects /dev/fd/5 - 5>&1 <<< '{"text":'
for words in 'dedup nowhere' 'dedup --wrong' 'dedup --version' 'datasel none' 'dedup none -o made/it'; do
    $words
    echo $?
done
yes "$(cat pool.jsonl)" | normalize-text | head -n 1
echo "${PIPESTATUS[*]}"
dedup pool.jsonl >&-
echo $?
dedup pool.jsonl 2>&- >/dev/full
echo $?
(cd / && LANGUAGE=x dedup seed.jsonl)
(umask 077 && dedup seed.jsonl -o made && stat -c %a made)
sort both | cksum
"""


def test_statuses_streams_files_and_folders_are_those_of_the_installed(warm_path, tmp_path):
    said = []
    for path in (os.environ["PATH"], warm_path):
        folder = shutil.copytree(SAMPLES, tmp_path / str(len(said)))
        run = {"cwd": folder, "env": {**os.environ, "PATH": path}, "capture_output": True, "timeout": 100}
        done = subprocess.run(["bash", "-c", SHELL], **run)
        said.append((done.returncode, done.stdout, done.stderr))
    assert said[0] == said[1]
    assert said[0][0] == 0
