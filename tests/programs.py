"""The programs of all commands, run by warm interpreters (contract/warm.py): a call costs a fork, not a start.

programs.py FOLDER lays out FOLDER/bin, to be put at the head of PATH.  Each program there is CLIENT: it hands its open
files, words, environment and folder to an interpreter that has imported everything, which forks a process that takes
them over, and ends as that process ended.  The interpreters start when they are first called, and end when FOLDER goes.
"""

from __future__ import annotations

import contextlib
import fcntl
import marshal
import os
import select
import signal
import socket
import sys
from pathlib import Path

CLIENT = """\
#!{python} -IS
import _socket
import _signal
import marshal
import posix
import sys
import time

FOLDER, KINDS, REAL, SERVER = {settings}
name = sys.argv[0].rpartition("/")[2]
words = [name, *sys.argv[1:]]
files = []
for number in map(int, posix.listdir("/proc/self/fd")):
    try:
        posix.fstat(number)
        files.append(number)
    except OSError:  # that of the listing
        pass
if not {{0, 1, 2}} <= set(files):
    posix.execv(REAL + name, words)
kind = [KINDS[word] for word in words[:2] if word in KINDS] or ["plain"]
place = FOLDER + "/" + kind[0]
calling = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
try:
    calling.connect(place)
except OSError:
    try:
        posix.mkdir(place + ".called")
        if not posix.fork():
            posix.setsid()
            posix.closerange(3, 1 << 16)
            nothing = posix.open("/dev/null", posix.O_RDWR)
            for number in 0, 1, 2:
                posix.dup2(nothing, number)
            posix.execv(sys.executable, [sys.executable, SERVER, "--serve", place])
    except FileExistsError:
        pass
    for attempt in range(6000):
        try:
            calling.connect(place)
            break
        except OSError:
            time.sleep(0.02)
    else:
        sys.exit("no interpreter at " + place)
mask = posix.umask(0)
posix.umask(mask)
request = marshal.dumps((words, posix.getcwd(), posix.environ, files, mask))
sent = len(request).to_bytes(8, "little") + request
passed = b"".join(number.to_bytes(4, sys.byteorder) for number in files)
gone = calling.sendmsg([sent], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, passed)])
while gone < len(sent):  # not once all is gone: the call may be over, and sending nothing would fail
    gone += calling.send(sent[gone:])
for number in files:
    if number != 2:  # which would say what goes wrong here
        posix.close(number)
answer = calling.recv(8)
status = int.from_bytes(answer, "little", signed=True) if answer else 99
if status < 0:
    _signal.signal(-status, _signal.SIG_DFL) if -status != 9 else None
    posix.kill(posix.getpid(), -status)
posix._exit(status)
"""


def laid_out(folder: Path) -> Path:
    """The folder of programs; an empty one where a program could not say by which interpreter it runs."""
    from contract.cases import INTERPRETERS

    from datasel.registry import COMMANDS

    made = folder / "bin"
    made.mkdir()
    if " " in sys.executable or len(sys.executable) > 100:
        return made
    settings = str(folder), INTERPRETERS, f"{Path(sys.executable).parent}/", str(Path(__file__).resolve())
    call = folder / "call"
    call.write_text(CLIENT.format(python=sys.executable, settings=settings), encoding="utf-8")
    call.chmod(0o755)
    for name in ("datasel", *(entry.name for entry in COMMANDS)):
        (made / name).symlink_to(call)
    return made


def serve(place: str) -> None:
    """Fork a process for each that calls at ``place``, as many as there are at a time."""
    from contract import warm

    warm.prepare(Path(place).name)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(f"{place}.new")
    listener.listen(64)
    os.rename(f"{place}.new", place)
    ended, wake = os.pipe()
    os.set_blocking(ended, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    calling: dict[int, socket.socket] = {}
    while os.path.exists(place):
        ready = select.select([listener, ended], [], [], 5)[0]
        if ended in ready:
            os.read(ended, 1000)
        while calling:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            with calling.pop(pid) as caller, contextlib.suppress(OSError):  # who has been killed waits no more
                caller.sendall(os.waitstatus_to_exitcode(status).to_bytes(8, "little", signed=True))
        if listener in ready:
            caller, _ = listener.accept()
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for mine in (listener, *calling.values()):
                    mine.close()
                os.close(ended)
                os.close(wake)
                try:
                    warm.become(taken_over(caller))
                finally:
                    os._exit(99)
            calling[pid] = caller
    os._exit(0)


def taken_over(caller: socket.socket) -> list[str]:
    """The words of a call, once its files, environment and folder are this process's own."""
    data, sent, _, _ = socket.recv_fds(caller, 1 << 20, 253)
    size = 8 + int.from_bytes(data[:8], "little")
    while len(data) < size:
        data += caller.recv(size - len(data))
    words, folder, environment, files, mask = marshal.loads(data[8:])
    caller.close()
    above = max(*files, *sent) + 1
    moved = [fcntl.fcntl(number, fcntl.F_DUPFD, above) for number in sent]  # first: a number may be that of another
    for number in sent:
        os.close(number)
    for number, place in zip(moved, files):
        os.dup2(number, place)
        os.close(number)
    os.umask(mask)
    os.chdir(folder)
    for name in os.environb.keys() - environment.keys():
        del os.environb[name]
    os.environb.update(environment)
    return words


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(sys.argv[2])
    else:
        print(laid_out(Path(sys.argv[1]).resolve()))
