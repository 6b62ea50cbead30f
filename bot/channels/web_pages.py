"""The page and its files: read once, served with an ETag, under rules that let nothing else run or load."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot import paths
from bot.errors import DataError

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
PAGE = "index.html"
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True)
class StaticFile:
    """One file of the page as it is served. *etag* names its content."""

    body: bytes
    content_type: str
    etag: str

    def unchanged(self, if_none_match: str) -> bool:
        """Return whether the browser that sent *if_none_match* holds this very content."""
        return self.etag in (one.strip().removeprefix("W/") for one in if_none_match.split(","))


def read(folder: Path | None = None) -> dict[str, StaticFile]:
    """Return the files in *folder* (default: web/) by name. Raises DataError where the page is not there."""
    folder = folder or paths.root() / "web"
    found = {}
    for path in sorted(folder.glob("*")):
        if path.is_file() and path.suffix in TYPES:
            body = path.read_bytes()
            found[path.name] = StaticFile(body, TYPES[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    if PAGE not in found:
        raise DataError("the page is missing", where=folder, expected=f"{PAGE} and the files it names")
    return found
