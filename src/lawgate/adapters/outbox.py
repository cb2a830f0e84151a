"""Where sealed packages and determinations are put for whoever collects them; nothing in it can be read without the officer's key."""

from __future__ import annotations

import shutil
from pathlib import Path

from lawgate.adapters.durable import exclusive, make_folder, settle, write_atomic
from lawgate.domain.steps import Package

PUBLIC = 0o644
LOCK = ".lock"


def write_package(outbox: Path, package: Package) -> Path:
    """Write a package as a folder named by sequence number and answer id, and return it. One that is there already is left as it is.

    Sealing again gives other ciphertext of the same answer, so what an officer may have collected is not replaced.
    """
    make_folder(outbox)
    folder = outbox / f"{package.sequence:06d}-{package.answer}"
    partial = outbox / f".{folder.name}.part"
    # Two processes may hand over the same answer: each file of a package must be of one sealing, and nothing else lie beside them.
    with exclusive(outbox / LOCK):
        if not folder.is_dir():
            if partial.is_dir():
                shutil.rmtree(partial)
            make_folder(partial)
            for name, content in package.files.items():
                # A crash here leaves a hidden folder, perhaps with a temporary file in it; the next call begins it anew.
                write_atomic(partial / name, content, PUBLIC)
            # The package appears complete or not at all. A crash before this line: it is handed over again, the same answer.
            partial.rename(folder)
        # Also where it was there: a crash may have come between the rename and this.
        settle(outbox)
    return folder


def write_determination(outbox: Path, jsonl: str, csv: str) -> None:
    """Write the determination in both forms; a later one replaces it, because waiting lines become final."""
    make_folder(outbox)
    write_atomic(outbox / "determination.jsonl", jsonl.encode(), PUBLIC)
    write_atomic(outbox / "determination.csv", csv.encode(), PUBLIC)
