"""Runs a command on a pseudo-terminal, like a person."""
import os
import pty
import select
import signal
import time


def at_terminal(command, answers=(), limit=120, environment=None):
    """Returns (exit code, output) of a command on a terminal. `answers`: pairs of a prompt and the text to type, used each time the
    prompt appears; `limit`: seconds."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, {**(environment or os.environ), "TERM": "dumb"})
    shown, mark, end = "", 0, time.monotonic() + limit
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data.decode(errors="replace").replace("\r\n", "\n")
        for prompt, typed in answers:
            if prompt in shown[mark:]:
                mark = len(shown)
                os.write(terminal, (typed + "\n").encode())
                break
    else:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return code, shown
