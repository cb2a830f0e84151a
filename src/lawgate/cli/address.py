"""``lawgate address check``: says of each address on standard input whether it is one. It loads no home, no record, no Django."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import IO, Annotated

import msgspec
import typer

from lawgate.cli.frame import new_app
from lawgate.identity.address import AddressReading, read_text

app = new_app("Addresses: check.")

CHUNK = 4_000
"""Lines handed to a process at once."""

AHEAD = 4
"""Chunks under way at most, so that memory stays bounded however long the input is."""

PROCESSES = 2
_NAMES = ("number", "street", "unit", "box", "city", "state", "zip", "country")
_read = msgspec.json.Decoder().decode
_write = msgspec.json.Encoder().encode

LONGEST_LINE = 64_000
"""Characters read of one line; a longer one is no address, and is cut so that it cannot fill the memory."""


@app.command("check")
def check(
    as_json: Annotated[
        bool, typer.Option("--json", help="Take every line as JSON with a `text` field; refuse what is none.")
    ] = False,
) -> None:
    """Read lines of text, or JSONL with a `text` field, and write JSONL: text, sufficient, code, missing, parts.

    A line that opens with a brace and is a JSON object with a `text` is taken as JSON with or without --json. Blank lines
    are answered too: one line out per line in, in the same order. Exit code 0 whatever the lines say.
    """
    # Text of any kind comes in here: what is no UTF-8 is shown as such and refused, never a crash.
    with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="\n", closefd=False) as source:
        for block in answers(lines_of(source), as_json):
            sys.stdout.write(block)
    sys.stdout.flush()


def lines_of(source: IO[str]) -> Iterator[str]:
    """Yield lines without their ends; of a line that is too long only its beginning, which is no address."""
    while line := source.readline(LONGEST_LINE):
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith("\n"):
            rest = source.readline(LONGEST_LINE)
        yield line.rstrip("\r\n")


def answers(lines: Iterable[str], as_json: bool) -> Iterator[str]:
    """Yield the answers in blocks, in the order of the lines; more than one chunk is shared between two processes."""
    source = iter(lines)
    first = list(islice(source, CHUNK))
    more = list(islice(source, 1))
    if not more:
        yield checked(first, as_json)
        return
    yield from _shared(chain([*first, *more], source), as_json)


def checked(lines: list[str], as_json: bool) -> str:
    """Return the answers to these lines as JSONL."""
    return "".join([_answer(line, as_json) for line in lines])


def _checked_block(block: str, as_json: bool) -> str:
    # One text goes to another process far sooner than its lines one by one.
    return checked(block.split("\n"), as_json)


def _shared(lines: Iterator[str], as_json: bool) -> Iterator[str]:
    with ProcessPoolExecutor(PROCESSES) as pool:
        waiting: deque[Future[str]] = deque()
        while part := list(islice(lines, CHUNK)):
            waiting.append(pool.submit(_checked_block, "\n".join(part), as_json))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _answer(line: str, as_json: bool) -> str:
    text = _text_of(line) if as_json or line.startswith("{") else line
    told = _told(text, read_text(text))
    try:
        return _write(told).decode() + "\n"
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can say and UTF-8 cannot
        return json.dumps(told, separators=(",", ":")) + "\n"


def _text_of(line: str) -> str:
    try:
        value = _json(line)
    except (ValueError, RecursionError):
        return line
    text = value.get("text") if isinstance(value, dict) else None
    return text if isinstance(text, str) else line


def _json(line: str) -> object:
    """Read JSON, most of it by the quicker of two readers. Raises ValueError or RecursionError where it is none."""
    try:
        return _read(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return json.loads(line)


def _told(text: str, reading: AddressReading) -> dict[str, object]:
    parts = reading.parts
    # Part by part: dataclasses.asdict copies deeply, which takes longer than reading the address.
    stated = {name: said for name in _NAMES if (said := getattr(parts, name))} if parts else None
    return {
        "text": text,
        "sufficient": reading.sufficient,
        "code": reading.code,
        "missing": reading.missing,
        "parts": stated,
    }
