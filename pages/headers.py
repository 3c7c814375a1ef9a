"""What every answer of the server tells the browser: what a page may load and who may frame it, and what stays private."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Styles and tiles of the street background, the one thing that a browser may fetch from elsewhere (and only when
# somebody switches it on).
STREETS = "https://*.cartocdn.com"
# Streamlit puts styles and scripts in line and runs compiled modules; all of it comes from this server.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        f"img-src 'self' data: blob: {STREETS}",
        "font-src 'self' data:",
        f"connect-src 'self' ws: wss: data: blob: {STREETS}",
        "worker-src 'self' blob:",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Downloads and pictures that a session made.
MADE_FOR_ONE = "/media/"
METRICS = "/_stcore/metrics"
OWN_COMPUTER = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
FORWARDED = {b"forwarded", b"x-forwarded-for", b"x-real-ip"}


class SafeHeaders:
    """ASGI middleware: headers that an answer does not set itself; numbers about the server stay on its computer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to what answers it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = str(scope.get("path", ""))
        if METRICS in path and not _is_own(scope):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if MADE_FOR_ONE in path:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, with_headers)


def _is_own(scope: Scope) -> bool:
    """Whether a request comes from the server's own computer, and not through a proxy on it."""
    host, _ = scope.get("client") or ("", 0)
    named = {name for name, _ in scope["headers"]}
    return host in OWN_COMPUTER and not FORWARDED & named
