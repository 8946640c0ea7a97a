"""The judge's end of a job's three lines; whatever becomes of one, there is an end to waiting."""

import contextlib
import json
import selectors
import socket
import time
from collections.abc import Iterator

from workbench.sandbox.message import parsed

GRACE = 1.0  # seconds that the end of a job's processes may take
TAIL = 2000  # bytes of output that are kept
PIECE = 1 << 16  # bytes that are taken at once
BACKLOG = 8  # pieces: more than a line holds that nobody has listened to for a while
# What the other end can make of a line; all else is a fault of the judge's own.
BROKEN = (ConnectionError, BlockingIOError, TimeoutError)


class Lines:
    """Orders to a job's warden, the talk of its probe, and what is printed.

    seconds: until nothing is waited for any more; silence: seconds that a word is waited for, of
    the probe, or the warden's that its processes are busy; observed, output: bytes that are taken.
    """

    def __init__(
        self,
        sockets: list[socket.socket],
        seconds: float,
        silence: float,
        observed: int,
        output: int,
    ):
        self._command, self._talk, self._output = self._open = sockets
        for line in sockets:
            line.setblocking(False)
        self._heard = time.monotonic()  # a word, or said one
        self._deadline, self._silence = self._heard + seconds, silence
        self._allowance = {self._command: observed, self._talk: observed, self._output: output}
        self._printed, self._hung_up, self._late = b"", False, 0

    @property
    def remaining(self) -> float:
        """Seconds that are left, at least 0."""
        return max(0.0, self._deadline - time.monotonic())

    @property
    def _left(self) -> float:
        """Seconds that are left to wait for a word, at least 0."""
        return min(self.remaining, max(0.0, self._heard + self._silence - time.monotonic()))

    @property
    def tail(self) -> str:
        """The end of what was printed."""
        return self._printed.decode(errors="replace")

    def order(self, step: dict) -> None:
        """Hand a step to the warden; `messages` tells of one that has ended, or takes too long."""
        self._command.settimeout(max(0.001, self.remaining))
        with contextlib.suppress(*BROKEN):
            self._command.sendall(json.dumps(step).encode() + b"\n")
            self._heard = time.monotonic()
        self._command.setblocking(False)

    def reply(self, answer: dict) -> bool:
        """Answer the probe, who may have ended; False when it has asked so much, unheard, that
        there is no room."""
        text, self._heard = json.dumps(answer).encode() + b"\n", time.monotonic()
        try:
            return self._talk.send(text) == len(text)
        except BROKEN as broken:
            return not isinstance(broken, BlockingIOError)

    def messages(self) -> Iterator[tuple[str, dict]]:
        """Who says what, until the step has ended and nobody says more, or until a limit.

        ("warden", how the step ended), ("still", nothing: the job is held until `order` says to go
        on), ("limit", what was exceeded), ("probe", anything at all: the learner's code may have
        written it).
        """
        ended, still, rest = False, False, {self._command: bytearray(), self._talk: bytearray()}
        with selectors.PollSelector() as waiting:
            for line in self._open:
                waiting.register(line, selectors.EVENT_READ)
            while True:
                # What was said before the end may still be on its way: look once more.
                left = 0 if ended or still else self._left
                ready = [key.fileobj for key, _ in waiting.select(left)]
                if not ended and self._is_over(bool(ready), left):
                    yield "limit", {"exceeded": "time"}
                    return
                if still and not ready:  # also where the end was told in the same breath
                    still = False
                    yield "still", {}
                elif ended and not ready:
                    return
                for line in ready:
                    data = self._received(line)
                    if not data:  # closed: it would be ready for ever
                        waiting.unregister(line)
                    if line is self._output:
                        continue
                    rest[line] += data
                    if b"\n" not in data:  # what comes drop by drop is not copied at each
                        texts = []
                    else:
                        *texts, rest[line] = rest[line].split(b"\n")
                    for message in map(parsed, texts):
                        if line is self._command and message.keys() & {"still", "busy"}:
                            still = still or "still" in message
                            continue
                        yield "warden" if line is self._command else "probe", message
                        ended = ended or line is self._command
                    ended = ended or (line is self._command and not data)
                if min(self._allowance.values()) < 0:
                    yield "limit", {"exceeded": "output"}
                    return

    def _is_over(self, ready: bool, left: float) -> bool:
        """Whether it is too late to wait. What was said while this process did not run is heard
        first; but what comes drop by drop is ready in every pass. left: seconds before it came."""
        self._late = 0 if (ready and left) or self._left else self._late + 1
        return self._late > (BACKLOG if ready else 0)

    def _received(self, line: socket.socket) -> bytes:
        """What has come on a line that is ready; nothing once nobody can write there any more."""
        data = b""
        with contextlib.suppress(*BROKEN):
            data = line.recv(PIECE)
        self._allowance[line] -= len(data)
        if line is self._output:
            self._printed = (self._printed + data)[-TAIL:]
        elif b"\n" in data:
            self._heard = time.monotonic()
        if not data:
            self._open = [other for other in self._open if other is not line]
        return data

    def cut(self) -> None:
        """Let every process of the job be ended, from any thread: who waits for them hears it."""
        with contextlib.suppress(OSError):  # the job has ended just now
            self._command.shutdown(socket.SHUT_WR)

    def hang_up(self) -> None:
        """End every process of the job and wait, for a moment at most, until the last is gone, and
        what they left with it."""
        if self._hung_up:
            return
        self._hung_up, until = True, time.monotonic() + GRACE
        with contextlib.suppress(OSError):
            self._command.shutdown(socket.SHUT_WR)
            while (seconds := until - time.monotonic()) > 0:
                self._command.settimeout(seconds)
                if not self._command.recv(PIECE):
                    return

    def close(self) -> None:
        """End every process of the job and let go of it."""
        self.hang_up()
        for line in self._allowance:
            line.close()
