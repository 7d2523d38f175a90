"""Output transform that adds the security headers to tornado's answers, and the server extension that installs it.

Tornado's and Voilà's static files know no settings: without it they carry no policy.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tornado.httputil import HTTPHeaders
from tornado.web import OutputTransform

from poetas.serving.security_headers import CONTENT_SECURITY_POLICY, LAB_CONTENT_SECURITY_POLICY, security_headers


class PolicyHeaders(OutputTransform):
    """Adds the headers to answers without them. policy: the Content-Security-Policy."""

    policy: ClassVar[str] = CONTENT_SECURITY_POLICY

    def transform_first_chunk(
        self,
        status_code: int,
        headers_: HTTPHeaders,
        chunk: bytes,
        finishing: bool,  # noqa: FBT001  # tornado's signature
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Return the answer's beginning with the headers in it."""
        del finishing
        for name, value in security_headers(self.policy).items():
            headers_.setdefault(name, value)
        return status_code, headers_, chunk


class LabPolicyHeaders(PolicyHeaders):
    """The same with the policy of JupyterLab."""

    policy = LAB_CONTENT_SECURITY_POLICY


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Jupyter Server's name for the extensions of a module."""
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Add the headers to every answer of a Jupyter server (`poetas lab`, Binder)."""
    server.web_app.transforms.append(LabPolicyHeaders)
