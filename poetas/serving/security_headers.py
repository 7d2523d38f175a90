"""Security headers of every HTTP answer: the Content-Security-Policy of the apps and of JupyterLab."""

from __future__ import annotations

# 'unsafe-inline': Voilà's pages carry inline scripts. blob: is how anywidget loads a widget's module. No other host
# is named, so a page cannot send what it shows to another machine.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'"
)
# JupyterLab compiles its settings' schemas ('unsafe-eval'), and shows the app view in a frame of its own. It names
# no other host either. On the apps' pages inside it, the stricter policy of the page itself (a meta element) holds.
LAB_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-src 'self' blob:; frame-ancestors 'self'; base-uri 'self'; form-action 'self'; object-src 'none'; "
    "manifest-src 'self'"
)


def security_headers(policy: str = CONTENT_SECURITY_POLICY) -> dict[str, str]:
    """Return the headers of every answer: the policy, no guessing of types, no address for other sites."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
