"""What every answer of the console carries, and the tokens that unsafe requests must bring. Values only."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from starlette.requests import Request

SESSION_COOKIE = "suda_session"
VISITOR_COOKIE = "suda_visitor"
"""Before signing in there is no session: this random value stands for one in the sign-in form's token."""

COOKIE_PATH = "/console"
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY = 256 * 1024
"""Bytes of a form at most; nothing in the console sends more."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}

FILE_POLICY = "default-src 'none'; sandbox"
"""For what a stranger sent: even if a browser took it for a page, it could do nothing."""


def csrf_token(signing_key: str, bound_to: str) -> str:
    """The token of a session (or of a visitor), without which no unsafe request of its browser is obeyed."""
    return hmac.new(signing_key.encode(), f"console-csrf:{bound_to}".encode(), hashlib.sha256).hexdigest()


def csrf_matches(signing_key: str, bound_to: str, given: str) -> bool:
    """Is it the token? Compared in constant time."""
    return hmac.compare_digest(csrf_token(signing_key, bound_to).encode(), given.encode("utf-8", "replace"))


def safe_next(path: str | None) -> str:
    """Where to go after signing in: a page of the console, never elsewhere."""
    if path and path.startswith("/console/") and "\\" not in path and "//" not in path and path.isprintable():
        return path
    return "/console/workbench"


def is_script(request: Request) -> bool:
    """Does a script of ours ask (and not a person's browser for a page)?"""
    return request.headers.get("x-requested-with") == "fetch"


def address_of(request: Request) -> str:
    """The other side's network address. A proxy's header is believed only where the server was told to."""
    return request.client.host if request.client else "unknown"
