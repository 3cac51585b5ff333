"""A local server that responds like Hugging Face and arXiv, a local proxy, and a test client with a library."""

from __future__ import annotations

import itertools
import json
import select
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import date
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from store.fetching.fetch import Fetched, Fetcher
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.model.errors import ListingError

TODAY = date(2025, 10, 28)
DAY = "hf-daily-papers-2025-10-28.json"
Respond = Callable[[BaseHTTPRequestHandler], None]


def item(number: int, upvotes: int = 3) -> dict[str, object]:
    """A paper as the API of Hugging Face returns it."""
    title = f"Paper {number} of Quiet Lamps"
    summary = f"We look at lamp {number} until it goes out, and count."
    return {
        "paper": {
            "id": f"2510.{number:05}",
            "authors": [{"_id": "65", "name": "Ada Quill", "hidden": False}],
            "publishedAt": "2025-10-27T00:00:00.000Z",
            "submittedOnDailyAt": "2025-10-28T00:00:00.000Z",
            "title": title,
            "summary": summary,
            "upvotes": upvotes,
            "discussionId": "68fa",
            "githubRepo": None,
        },
        "publishedAt": "2025-10-27T22:00:00.000Z",
        "title": title,
        "summary": summary,
        "numComments": 2,
        "isAuthorParticipating": False,
    }


def daily(*numbers: int, upvotes: int = 3) -> bytes:
    return json.dumps([item(number, upvotes) for number in numbers]).encode()


def atom(*numbers: int, total: int | None = None) -> bytes:
    entries = "".join(
        f"""
  <entry>
    <id>http://arxiv.org/abs/2510.{number:05}v1</id>
    <updated>2025-10-27T17:00:00Z</updated>
    <published>2025-10-27T17:00:00Z</published>
    <title>Paper {number} of Quiet Lamps</title>
    <summary>  We look at lamp {number} until it goes out, and count.
</summary>
    <author><name>Ada Quill</name></author>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CL"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
  </entry>"""
        for number in numbers
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title type="html">ArXiv Query: search_query=cat:cs.CL&amp;id_list=&amp;start=0&amp;max_results=200</title>
  <id>http://arxiv.org/api/5Fx</id>
  <updated>2025-10-28T00:00:00-04:00</updated>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{
        len(numbers) if total is None else total
    }</opensearch:totalResults>{entries}
</feed>
""".encode()


ATOM_ERROR = b"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title type="html">ArXiv Query: search_query=&amp;id_list=abc</title>
  <id>http://arxiv.org/api/x</id>
  <entry>
    <id>http://arxiv.org/api/errors#incorrect_id_format_for_abc</id>
    <title>Error</title>
    <summary>incorrect id format for abc</summary>
  </entry>
</feed>
"""


class Request(NamedTuple):
    """A request that the local server has received."""

    path: str
    query: dict[str, str]
    headers: Message


class Site:
    """A local server. It sends its answers in order, one for each request.

    When none is left, it repeats the last one.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._answers: list[Respond] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                site.requests.append(Request(parts.path, query, self.headers))
                respond = site._answers.pop(0) if len(site._answers) > 1 else site._answers[0]
                self.close_connection = True
                respond(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = False

            def handle_error(self, *_: object) -> None:
                # A client may close the connection before the end of the answer, so ignore the error.
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,))
        self._thread.start()

    def answers(self, *answers: Respond) -> None:
        self._answers = list(answers)

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def reply(body: bytes = b"", status: int = 200, **headers: str) -> Respond:
    """A complete answer. Keyword arguments become headers: `Retry_After="3"` sends "Retry-After: 3"."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers and "Transfer_Encoding" not in headers and status != 304:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def raw(data: bytes) -> Respond:
    """An answer that consists of exactly these bytes, without a status line or headers.

    Then the connection is closed.
    """

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(data)

    return respond


def drip(site: Site, *pieces: bytes, every: float = 0.01) -> Respond:
    """An answer in pieces that are sent `every` seconds. The last piece is sent again and again."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        for piece in itertools.chain(pieces, itertools.repeat(pieces[-1])):
            handler.wfile.write(piece)
            if site.closing.wait(every):
                return

    return respond


def silence(site: Site) -> Respond:
    """Send no answer, and keep the connection open until the test ends."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        site.closing.wait(5)

    return respond


def redirect(to: str, status: int = 302) -> Respond:
    return reply(b"", status, Location=to)


class Proxy:
    """A local proxy that connects every tunnel to one server. Without a server, it refuses every request."""

    def __init__(self, to: Site | None) -> None:
        self.requests: list[tuple[str, str | None]] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_CONNECT(self) -> None:
                proxy.requests.append((self.path, self.headers["Proxy-Authorization"]))
                if to is None:
                    self.send_error(407)
                    return
                self.send_response(200)
                self.end_headers()
                with socket.create_connection(("127.0.0.1", to.port)) as tunnel:
                    ends = [self.connection, tunnel]
                    while True:
                        ready, _, _ = select.select(ends, [], [], 5)
                        for end in ready:
                            piece = end.recv(65536)
                            if not piece:
                                return
                            ends[end is self.connection].sendall(piece)
                        if not ready:
                            return

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = False

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Reader:
    """A library, an inbox and a fetcher that never sleeps.

    Instead of a pause, the fetcher adds its length (s) to `waited` and to its clock.
    """

    def __init__(self, folder: Path) -> None:
        self.inbox = folder / "inbox"
        self.library = Library.open(folder / "library.db")
        self.waited: list[float] = []
        self.now = 1_000_000.0
        self.fetcher = self.another_fetcher()

    def another_fetcher(self) -> Fetcher:
        return Fetcher(self.library, self.inbox, sleep=self._sleep, clock=lambda: self.now)

    def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds

    def day(self, period: str = "today") -> Fetched:
        return self.fetcher.daily_papers(period, TODAY)

    def fails(self, period: str = "today") -> str:
        """Check that a fetch fails with a message of one line and adds no file to the inbox. Returns the message."""
        with pytest.raises(ListingError) as raised:
            self.day(period)
        assert "\n" not in str(raised.value)
        assert self.files() == []
        return str(raised.value)

    def files(self) -> list[str]:
        """The names of the files in the inbox, without the stored pages (*.page) of an interrupted fetch."""
        names = (path.name for path in self.inbox.iterdir()) if self.inbox.exists() else ()
        return sorted(name for name in names if not name.endswith(".page"))

    def imports(self, path: Path | None) -> list[tuple[int, int, int]]:
        assert path is not None
        return [
            (report.added, report.merged, report.unchanged)
            for report in take_in(self.library, [path], Options(today=TODAY))
        ]


class Certificate(NamedTuple):
    """The file with a certificate, and the TLS context of a server that presents this certificate."""

    file: Path
    server: ssl.SSLContext


class Outcome(NamedTuple):
    """The exit code of a command and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]
