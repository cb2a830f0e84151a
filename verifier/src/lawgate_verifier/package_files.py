"""Reads a package from a folder or a zip: the four files of the format, and a refusal for any other content."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from lawgate_verifier.refused import Refused, demand

# In the order in which their digests make the package's digest (format section 4).
FILES = ("payload.age", "openings.age", "answer.tlog-proof", "terms.txt")
LARGEST_FILE = 1 << 20

_FOUR = "The package does not have exactly its four files."
_UNREADABLE = "The package cannot be read."


def read_package(path: Path) -> Mapping[str, bytes]:
    """Read the four files into memory; nothing is unpacked to disk. Raises Refused (check 1)."""
    try:
        files = _from_folder(path) if path.is_dir() else _from_zip(path)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise Refused(1, _UNREADABLE) from None
    return files


def check_names(files: Mapping[str, bytes]) -> None:
    """Demand the four files and no other. Raises Refused."""
    demand(set(files) == set(FILES), _FOUR)


def _from_folder(path: Path) -> Mapping[str, bytes]:
    found = {entry.name: entry for entry in path.iterdir()}
    # A link could point out of the package to something else than what was handed over.
    regular = all(stat.S_ISREG(entry.lstat().st_mode) for entry in found.values())
    if set(found) != set(FILES) or not regular:
        raise Refused(1, _FOUR)
    return {name: _at_most(found[name]) for name in FILES}


def _at_most(path: Path) -> bytes:
    with path.open("rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise Refused(1, "A file of the package is larger than a mebibyte.")
    return raw


def _from_zip(path: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        if sorted(archive.namelist()) != sorted(FILES):
            raise Refused(1, _FOUR)
        files = {}
        for name in FILES:
            # The stated size may lie, so what counts is how much comes out.
            with archive.open(name) as file:
                files[name] = file.read(LARGEST_FILE + 1)
            if len(files[name]) > LARGEST_FILE:
                raise Refused(1, "A file of the package is larger than a mebibyte.")
    return files
