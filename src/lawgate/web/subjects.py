"""What the people on record are told, in English and Spanish. Open to everybody; it asks nothing, so nobody is looked up here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lawgate.web.desk import gate

LANGUAGES = ("en", "es")


def subjects(request: HttpRequest, language: str) -> HttpResponse:
    """Say what may leave, what is written down, and how its subject finds it. One template for each language, held to the other by a test."""
    if language not in LANGUAGES:
        raise Http404
    opened = gate()
    said = {"holder": opened.holder, "log": opened.policy.log.name}
    return render(request, f"subjects/{language}.html", said)
