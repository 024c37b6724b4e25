"""Serves rendered pages and our static files on loopback, under the product's strict policy."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread

from django.contrib.staticfiles import finders

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@contextmanager
def served(pages: dict[str, str]) -> Iterator[str]:
    """This will serve each page below /<name>; names that start with mail- may style inline."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.split("?")[0].removeprefix("/")
            if name in pages:
                self._give(pages[name].encode(), "text/html; charset=utf-8", name)
                return
            found = finders.find(name.removeprefix("static/"))
            if found is None:
                self.send_error(404)
                return
            kind = guess_type(name)[0] or "application/octet-stream"
            self._give(Path(str(found)).read_bytes(), kind, name)

        def _give(self, body: bytes, kind: str, name: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            policy = MAIL_POLICY if name.startswith("mail-") else POLICY
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            with suppress(ConnectionError):  # the browser may have left already
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent: a test run is no place for an access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
