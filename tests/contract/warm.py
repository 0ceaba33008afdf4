"""Runs commands fast: an interpreter that has imported everything forks a process for each call.

It reads one JSON object a line from standard input and answers each with the exit status (negative: the signal) and
the most memory that was held (in KiB, this interpreter's included).  So a call costs milliseconds, not the start of an
interpreter.  The process it forks is a whole one: own descriptors, own signals, the same entry point as the
executable's.  What an interpreter has imported makes each fork dearer, so there are three kinds of them.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

DENIED_NETWORK, DENIED_FILE = 97, 98  # exit statuses of a call that left its fence

_SCIENTIFIC = ("scipy.sparse", "scipy.optimize", "scipy.special", "scipy.stats", "onnxruntime", "sentencepiece")
# What an interpreter of each kind has imported beside the modules of datasel, for the commands that need it.
KINDS = {
    "plain": (),
    "scientific": _SCIENTIFIC,
    "training": (
        *_SCIENTIFIC, "torch._inductor.config", "onnx", "ctranslate2.specs", "sacrebleu.metrics",
        "sklearn.decomposition", "sklearn.feature_extraction.text", "sklearn.manifold", "matplotlib.figure",
        "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    ),
}  # fmt: skip


def main() -> None:
    prepare(sys.argv[1])
    requests, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    while request := requests.readline():
        pid = os.fork()
        if pid == 0:
            os.close(answers)
            os.close(requests.fileno())
            _take(**json.loads(request))
        _, status, usage = os.wait4(pid, 0)
        os.write(answers, b"%d %d\n" % (os.waitstatus_to_exitcode(status), usage.ru_maxrss))
    os._exit(0)  # to take apart all that was imported takes seconds


def prepare(kind: str) -> None:
    """Import everything that an interpreter of this kind has."""
    # a process with threads cannot be forked safely: nothing imported here may start one
    os.environ.update(OPENBLAS_NUM_THREADS="1", ORT_DISABLE_TELEMETRY="1")
    sys.dont_write_bytecode = True
    _import_all(KINDS[kind])
    assert len(os.listdir("/proc/self/task")) == 1


def _import_all(packages: Sequence[str]) -> None:
    import pkgutil
    import tempfile
    from importlib import import_module

    import datasel

    with tempfile.TemporaryDirectory() as folder:  # matplotlib and torch write as they are imported
        places = dict.fromkeys(("MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR"), folder)
        os.environ.update(places)
        sys.modules["pandas"] = None  # scikit-learn imports it where it is there, and with it comes a thread
        for name in packages:
            with contextlib.suppress(ImportError):  # of an extra that is not installed
                import_module(name)
        del sys.modules["pandas"]
    for name in places:
        del os.environ[name]
    tempfile.tempdir = None  # each call has a TMPDIR of its own
    for module in pkgutil.walk_packages(datasel.__path__, "datasel."):
        import_module(module.name)


def _take(argv, cwd, env, stdin, stdout, stderr, seconds, fence):
    signal.alarm(seconds)
    os.chdir(cwd)
    os.environ.update(env)
    new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, (path, flags) in enumerate(((stdin, os.O_RDONLY), (stdout, new), (stderr, new))):
        opened = os.open(path, flags, 0o666)
        os.dup2(opened, number)
        os.close(opened)
    if fence:
        _fence(fence)
    become(argv)


def become(argv: list[str]) -> NoReturn:
    """What the executable would be, in this process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job, such as these tests
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", errors="backslashreplace", buffering=1)
    sys.argv = argv
    try:
        if argv[0] == "datasel":
            from datasel.cli import main as datasel

            datasel()
        elif argv[0] == "python":
            exec(argv[1], {})
        else:
            from datasel.registry import BY_NAME

            BY_NAME[argv[0]].load()()
    finally:
        os._exit(99)  # a command ends its process itself


def _fence(folder: str) -> None:
    """No network, and no file written outside ``folder`` or /dev."""

    def refuse(status: int, what: str) -> None:
        os.write(2, f"left the fence: {what}\n".encode())
        os._exit(status)

    def hook(event, args):
        if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind", "socket.sendto"):
            refuse(DENIED_NETWORK, event)
        writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if (writes or event in ("os.mkdir", "os.rename")) and isinstance(args[0], (str, bytes)):
            path = os.path.realpath(os.fsdecode(args[0]))
            if not path.startswith((os.path.realpath(folder) + os.sep, "/dev/")):
                refuse(DENIED_FILE, path)

    sys.addaudithook(hook)


if __name__ == "__main__":
    main()
