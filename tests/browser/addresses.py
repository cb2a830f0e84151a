"""Prints every address that the service has, as its lists of addresses write it, and which of them each path on standard input is.

Run by ``test_every_page.py`` in a process of its own, where Django has the service's settings.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "lawgate.service_settings"

import django
from django.urls import URLResolver, get_resolver, resolve

django.setup()


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, f"{before}{one.pattern}")
        else:
            yield f"{before}{one.pattern}"


known = sorted(set(routes(get_resolver().url_patterns)))
print(json.dumps({"known": known, "looked_at": {path: resolve(path).route for path in json.load(sys.stdin)}}))
