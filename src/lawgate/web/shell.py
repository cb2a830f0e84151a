"""What goes round every page: headers, faults, and a log without anybody's data."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lawgate.domain.errors import (
    LawgateError,
    NotPermittedError,
    QuorumError,
    RequestFaultError,
    SealerAwayError,
    StoreAwayError,
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No inline script or style; the one image given as data is the code that an authenticator app photographs."""

Responder = Callable[[HttpRequest], HttpResponse]


def headers(respond: Responder) -> Responder:
    """Add the content security policy to every answer, and let nobody keep a page that is not a style or a script."""

    def responding(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    return responding


class Faults:
    """Turns our own errors, which carry no personal data, into pages that say what to do."""

    def __init__(self, respond: Responder) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self._respond(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Say what kept a view from answering; any other exception is for the page of status 500."""
        if not isinstance(fault, LawgateError):
            return None
        status = 500
        if isinstance(fault, NotPermittedError):
            status = 404
        elif isinstance(fault, RequestFaultError):
            status = 422
        elif isinstance(fault, QuorumError | SealerAwayError | StoreAwayError):
            status = 503
        return render(request, "fault.html", {"said": str(fault)}, status=status)


class KindAndPlace(logging.Formatter):
    """Writes of an exception only its kind and where it arose: its text might hold a person's data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        if record.exc_info and record.exc_info[0] is not None:
            place = traceback.extract_tb(record.exc_info[2])[-1]
            return f"{record.levelname} {record.name}: {record.exc_info[0].__name__} at {Path(place.filename).name}:{place.lineno}"
        return f"{record.levelname} {record.name}: {record.getMessage()}"
