"""Where sealed packages and determinations are put for whoever collects them; nothing in it can be read without the officer's key."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from lawgate.adapters.determination_tables import Add, table
from lawgate.adapters.durable import exclusive, make_folder, replacing, settle, write_atomic
from lawgate.disclosure.determination import Determination
from lawgate.disclosure.determination_text import layout_of
from lawgate.domain.steps import Package

PUBLIC = 0o644
LOCK = ".lock"


def write_package(outbox: Path, package: Package) -> Path:
    """Write a package as a folder named by sequence number and answer id, and return it. One that is there already is left as it is.

    Sealing again gives other ciphertext of the same answer, so what an officer may have collected is not replaced.
    """
    (folder,) = write_packages(outbox, [package])
    return folder


def write_packages(outbox: Path, packages: Sequence[Package]) -> tuple[Path, ...]:
    """Write packages as ``write_package`` does, and wait for the disk once for all of them."""
    make_folder(outbox)
    # Two processes may hand over the same answer: each file of a package must be of one sealing, and nothing else lie beside them.
    with exclusive(outbox / LOCK):
        folders = tuple(outbox / f"{package.sequence:06d}-{package.answer}" for package in packages)
        missing = {f: package for f, package in zip(folders, packages, strict=True) if not f.is_dir()}
        for folder, package in missing.items():
            # A crash here leaves hidden folders, perhaps with less in them than they should have; the next call begins them anew, when
            # the same answers are handed over again. So no file is waited for by itself.
            _write_hidden(_hidden(folder), package)
        if missing:
            # From here on what stands in the hidden folders outlives a loss of power: only then may any of them be seen.
            os.sync()
        for folder in missing:
            # Each package appears complete or not at all. A crash before this line: it is handed over again, the same answer.
            _hidden(folder).rename(folder)
        # Also where all were there: a crash may have come between the renames and this.
        settle(outbox)
    return folders


def collect(outbox: Path, handed: Iterable[Package | str], at_once: int) -> Counter[str]:
    """Write every package that is handed over, ``at_once`` at a time, and count what happened: packages under ``""``, what is kept back
    under its code. While one chunk is written and waited for, the next is sealed."""
    counts: Counter[str] = Counter()
    arriving = iter(handed)
    with ThreadPoolExecutor(1) as writer:
        writing: Future[object] | None = None
        while some := tuple(islice(arriving, at_once)):
            packages = [each for each in some if isinstance(each, Package)]
            counts[""] += len(packages)
            counts.update(each for each in some if isinstance(each, str))
            if writing is not None:
                writing.result()
            writing = writer.submit(write_packages, outbox, packages)
        if writing is not None:
            writing.result()
    return counts


def _hidden(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.part")


def _write_hidden(partial: Path, package: Package) -> None:
    try:
        partial.mkdir()
    except FileExistsError:
        shutil.rmtree(partial)
        partial.mkdir()
    for name, content in package.files.items():
        file = os.open(partial / name, os.O_CREAT | os.O_WRONLY | os.O_EXCL, PUBLIC)
        try:
            os.fchmod(file, PUBLIC)
            os.write(file, content)
        finally:
            os.close(file)


def write_determination(outbox: Path, determination: Determination) -> None:
    """Write the determination as ``determination.jsonl`` and, where the request had another form, beside it in that form, with its layout
    where its columns are named nowhere else. A later one replaces it, because waiting lines become final."""
    make_folder(outbox)
    form = determination.form
    with exclusive(outbox / LOCK), ExitStack() as stack:
        objects = stack.enter_context(replacing(outbox / "determination.jsonl", PUBLIC))
        add: Add | None = None
        if form.kind != "jsonl":
            file = stack.enter_context(replacing(outbox / f"determination{form.ending}", PUBLIC))
            add = stack.enter_context(table(form, file, outbox))
        # A crash here, or between the replacements, leaves each file wholly new or wholly as it was; asking again writes all.
        for text, row in determination.records:
            objects.write(text.encode())
            if row is not None and add is not None:
                add(row)
        if layout := layout_of(form):
            write_atomic(outbox / "determination.layout.toml", layout.encode(), PUBLIC)
