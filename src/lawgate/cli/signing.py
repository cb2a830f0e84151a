"""Documents that a person signs at the command line with the person's own key file; the gateway never holds these keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

from lawgate.adapters.key_files import load_key
from lawgate.domain.errors import RequestFaultError
from lawgate.domain.steps import Json
from lawgate.evidence.canonical import parse_canonical
from lawgate.evidence.envelope import keyid_of, sign
from lawgate.gate import Gate

PREPARED = ("decision", "sample", "authorisation", "impairment", "stop", "standing", "key")
"""Kinds of documents that people sign on pages. Covers, attestations and acknowledgements have commands of their own."""


def sign_with(gate: Gate, kind: str, body: Mapping[str, Json], key: Path) -> bytes:
    """Sign a document of that kind, stamped with the gate's clock, with the key in a file."""
    stamped = {**body, "made": gate.now().strftime("%Y-%m-%dT%H:%M:%SZ")}
    return sign(kind, stamped, load_key(key))


def prepared_document(path: Path) -> tuple[str, dict[str, Json]]:
    """Read a document that a page prepared: its kind, and what it says. Other documents are made by the commands that sign them."""
    raw = path.read_bytes()
    try:
        body = parse_canonical(raw)
    except ValueError:
        raise typer.BadParameter(f"{path.name} is not a document as a page prepares it") from None
    kind = next((kind for kind in PREPARED if body.get("type") == f"lawgate/{kind}/v1"), None)
    if kind is None:
        raise typer.BadParameter(f"{path.name} is none of the documents that pages prepare")
    del body["type"]
    return kind, body


@contextmanager
def own_document() -> Iterator[None]:
    """Turn what is wrong with a document of the person's own into a usage error: exit code 4 is for submissions alone."""
    try:
        yield
    except RequestFaultError as fault:
        raise typer.BadParameter(str(fault)) from None


def key_id(key: Path) -> str:
    """Return the id of the key in a file."""
    return keyid_of(load_key(key).public_key().public_bytes_raw())


def read_list(path: Path) -> list[Json]:
    """Read a JSON array from a file; what is in it never appears in a message."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise typer.BadParameter(f"{path.name} is not JSON") from None
    if not isinstance(value, list):
        raise typer.BadParameter(f"{path.name} is not a JSON array")
    return value


def read_object(path: Path) -> dict[str, Json]:
    """Read a JSON object from a file; what is in it never appears in a message."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise typer.BadParameter(f"{path.name} is not JSON") from None
    if not isinstance(value, dict):
        raise typer.BadParameter(f"{path.name} is not a JSON object")
    return value


def as_json_list(values: Sequence[int]) -> list[Json]:
    """Copy numbers into a JSON array."""
    return list(values)
