"""What the judge's own server says of itself: an answer's process can say nothing in its name."""

import base64
import contextlib
import hmac
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

FAULT = 500  # the least status by which a server says that it has failed itself
SLOW = 20.0  # seconds for one request: the machine is busy with something else
Application = Callable[[dict[str, Any], Callable, Callable], Awaitable[None]]


def authorization(secret: str) -> str:
    """What who knows the secret sends with each request, as Prefect's client does."""
    return f"Basic {base64.b64encode(secret.encode()).decode()}"


def known(application: Application, secret: str) -> Application:
    """The application for who knows the secret alone: its loopback may be another answer's, too.

    Prefect's own asks for one that is there when the application is made, for every job at once.
    """
    wanted = authorization(secret).encode()

    async def asked(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        told = dict(scope.get("headers", ())).get(b"authorization", b"")
        if scope["type"] != "http" or hmac.compare_digest(told, wanted):
            await application(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 401, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return asked


class Witness:
    """Makes a note, where only this process reads, when its server fails or is slow."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    def of(self, application: Application) -> Application:
        """The server's application under observation."""

        async def witnessed(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
            began, status = time.monotonic(), 0

            async def sending(message: dict[str, Any]) -> None:
                nonlocal status
                status = message.get("status", status)
                await send(message)

            try:
                await application(scope, receive, sending)
            except BaseException:
                status = FAULT
                raise
            finally:
                is_slow = time.monotonic() - began > SLOW and scope["type"] == "http"
                if status >= FAULT or is_slow:
                    with contextlib.suppress(BlockingIOError):
                        os.write(self._writer, b"!")

        return witnessed

    def fault(self) -> bool:
        """Whether there was anything since this was last asked."""
        with contextlib.suppress(BlockingIOError):
            return bool(os.read(self._reader, 1 << 16))
        return False
