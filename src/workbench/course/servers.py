"""A small HTTP server on this machine, for lessons in which somebody has to answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Path and body of a request → status and body of the answer, or None: hang up without a word.
Answer = Callable[[str, bytes], tuple[int, bytes | str] | None]


@dataclass(frozen=True)
class Server:
    """A server that is running; `address` is its URL, `close` ends it."""

    address: str
    close: Callable[[], None]


def serve(answer: Answer) -> Server:
    """Answer each request, GET or POST, as the function says; on loopback, at a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers["Content-Length"] or 0)
            given = answer(self.path, self.rfile.read(length))
            if given is not None:
                status, body = given
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode() if isinstance(body, str) else body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True  # one that is slow on purpose holds nobody up at the end
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Server(f"http://127.0.0.1:{server.server_port}", server.shutdown)
