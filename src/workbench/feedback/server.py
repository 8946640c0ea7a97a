"""The page to decide on: on this machine's loopback only, under an address nobody guesses."""

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from workbench.cohort.standings import Standing
from workbench.feedback import marks, templates
from workbench.feedback.desk import PARTS, Desk, part_of, sentence_of
from workbench.graph import PipelineError

HOST = "127.0.0.1"
LARGEST = 64 << 10  # bytes of a decision
DIGITS = 9  # of a number
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Server(ThreadingHTTPServer):
    """Serves one desk until it is shut down."""

    daemon_threads = True

    def __init__(self, desk: Desk, port: int = 0) -> None:
        self.desk, self.secret = desk, secrets.token_urlsafe(24)
        super().__init__((HOST, port), Handler)

    def handle_error(self, *_: object) -> None:
        """Who hangs up, or sends what is no request, is no news on the terminal."""

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    @property
    def address(self) -> str:
        return f"{self.origin}/{self.secret}/"

    @cached_property
    def page(self) -> str:
        name = self.desk.whole.root.resolve().name
        return templates.page("review.html", name=name)

    def overview(self) -> dict:
        """The open questions, and every answer there is."""
        numbers = {id(one): number for number, one in enumerate(self.desk.answers)}
        return {
            "questions": [
                {"answer": numbers[id(question.first)], "criterion": question.criterion}
                for question in self.desk.open()
            ],
            "answers": [
                [
                    marks.named(standing.problem),
                    standing.learner,
                    self.desk.whole.person(standing.learner).name,
                ]
                for standing in self.desk.answers
            ],
        }

    def answer(self, number: int) -> dict:
        """One answer with its texts and criteria."""
        desk, standing = self.desk, self.desk.answers[number]
        texts = desk.texts(standing)
        decided = desk.decided(standing)
        return {
            "number": number,
            "learner": desk.whole.called(standing.learner),
            "problem": f"{marks.named(standing.problem)}: {marks.title_of(standing.problem)}",
            "note": standing.note,
            "path": desk.path(standing),
            "texts": [[part, PARTS[part], text] for part, text in texts.items()],
            "marks": [self._mark(standing, mark, decided) for mark in desk.marks(standing)],
        }

    def _mark(self, standing: Standing, mark: Mapping, decided: Mapping) -> dict:
        judged = next(
            criterion
            for criterion in standing.result.report["criteria"]
            if criterion["id"] == mark["id"]
        )
        own, several = decided.get(mark["id"]), self.desk.alike(standing, mark["id"])
        is_open = not own and self.desk.question(standing, mark["id"]) is not None
        kind = marks.OPEN if is_open else marks.kind_of(mark)
        return {
            "id": mark["id"],
            "title": mark["title"],
            "stretch": mark["stretch"],
            "kind": kind,
            "sign": marks.SIGNS[kind],
            "word": marks.WORDS[kind],
            "part": part_of(standing.problem, mark["id"]),
            "understood": judged["feedback"],
            "sentence": sentence_of(judged["feedback"]),
            "decided": f"{own.who}, {own.at}" if own else "",
            "comment": own.comment if own else "",
            "others": [other.learner for other in several if other is not standing],
        }

    def decide(self, told: Mapping) -> dict:
        """Decide as the page says; the answer as it is then."""
        number, all_ = told["answer"], told["all"]
        standing = self.desk.answers[number]
        for criterion in told["criteria"]:
            several = self.desk.alike(standing, criterion) if all_ else (standing,)
            self.desk.decide(several, criterion, told["outcome"], told["comment"])
        return self.answer(number)


class Handler(BaseHTTPRequestHandler):
    """Answers who knows the secret, from a page of its own."""

    server: Server

    def do_GET(self) -> None:
        route = self._route()
        if route == "":
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", self.server.page)
        elif route == "questions":
            self._json(self.server.overview)
        elif route is not None and route.removeprefix("answers/")[:DIGITS].isdecimal():
            self._json(lambda: self.server.answer(int(route.removeprefix("answers/"))))
        else:
            self._nothing()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        own = self.headers.get("Origin", self.server.origin) == self.server.origin
        is_json = self.headers.get_content_type() == "application/json"
        fits = length.isdecimal() and len(length) <= DIGITS and int(length) <= LARGEST
        if self._route() != "decisions" or not (own and is_json and fits):
            self._nothing()
            return
        body = self.rfile.read(int(length))
        self._json(lambda: self.server.decide(json.loads(body)))

    def log_message(self, *_: object) -> None:
        """A request is nobody's business."""

    def _route(self) -> str | None:
        """What is asked for, below the secret; None for who does not know it, or comes by another
        name than this machine's own, as a page elsewhere could."""
        _, _, asked = self.path.partition("/")
        secret, slash, route = asked.partition("/")
        knows = hmac.compare_digest(secret.encode(), self.server.secret.encode())
        here = self.headers.get("Host") == self.server.origin.removeprefix("http://")
        return route if slash and knows and here else None

    def _json(self, made: Callable[[], dict]) -> None:
        try:
            content, status = made(), HTTPStatus.OK
        except PipelineError as error:
            content, status = {"error": str(error)}, HTTPStatus.CONFLICT
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            content, status = {"error": f"not understood: {error}"}, HTTPStatus.BAD_REQUEST
        self._send(status, "application/json", json.dumps(content))

    def _nothing(self) -> None:
        self.close_connection = True
        self._send(HTTPStatus.NOT_FOUND, "text/plain", "nothing here")

    def _send(self, status: HTTPStatus, kind: str, content: str) -> None:
        body = content.encode()
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)
