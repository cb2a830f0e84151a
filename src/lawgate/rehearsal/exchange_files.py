"""Writes the reconstruction's files: the datafile as submitted, the same put in order and signed, and the truth, kept apart from both.

Each block of lines is written by one process into parts, and the parts are put together in order; so the files are the same for any
number of processes. All of it appears in place at once, or not at all.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.adapters.arrow import arrow, parquet
from lawgate.adapters.durable import settle
from lawgate.adapters.processes import worker_pool
from lawgate.domain.steps import Json
from lawgate.evidence.envelope import sign
from lawgate.intake.parts import ATTESTATIONS, COVER
from lawgate.rehearsal.exchange import blocks_for, make_lines, ordinals_of, people_for
from lawgate.rehearsal.exchange_officers import Officer, officer_of
from lawgate.rehearsal.exchange_pools import Lines
from lawgate.rehearsal.exchange_request import Signer, requests
from lawgate.rehearsal.exchange_truth import ADDRESS_PARTS
from lawgate.rehearsal.population import Block, make_block
from lawgate.rehearsal.population_records import street_lines, write_block

HEADINGS = ("FIRST_NAME", "LAST_NAME", "SSN", "FINAL_ORDER_DATE", "EARM_ADDRESS")
DATAFILE, REQUESTS = "datafile.csv", "requests.jsonl"
AS_SUBMITTED, IN_ORDER, TRUTH, RECORDS = "as-submitted", "in-order", "truth", "records"
_PIECE = 1 << 22


@dataclass(frozen=True, slots=True)
class Task:
    """One block to write: where, of which reconstruction, and who signs."""

    folder: str
    seed: int
    number: int
    lines: int
    nonce: str
    officers: tuple[Officer, ...]


def write_files(
    folder: Path, seed: int, lines: int, officers: Sequence[Officer], cover: dict[str, Json], official: Ed25519PrivateKey,
    workers: int, watch: Callable[[int], None],
) -> None:  # fmt: skip
    """Write records, datafile, submission and truth into ``folder``, which is new. ``cover`` is the cover request without its line file.

    ``watch`` hears how many lines are written. A crash leaves a folder of another name, which the next call begins anew.
    """
    half = folder.with_name(f".{folder.name}.half-made")
    if half.exists():
        shutil.rmtree(half)
    for part in (AS_SUBMITTED, IN_ORDER, TRUTH, RECORDS, "parts"):
        (half / part).mkdir(parents=True)
    numbers = range(blocks_for(lines))
    nonce = str(cover["nonce"])
    tasks = [Task(str(half), seed, n, lines, nonce, _signers(officers, n, lines)) for n in numbers]
    done = 0
    for count in each(_write_block, tasks, workers):
        done += count
        watch(done)
    _join(half / AS_SUBMITTED / DATAFILE, half / "parts", "data", (",".join(HEADINGS) + "\r\n").encode())
    digest = _join(half / IN_ORDER / REQUESTS, half / "parts", "lines")
    attestations = _join(half / IN_ORDER / ATTESTATIONS, half / "parts", "signatures")
    line_file: dict[str, Json] = {"name": REQUESTS, "sha256": digest, "count": lines}
    body: dict[str, Json] = {**cover, "line_file": line_file, "attestations_sha256": attestations}
    (half / IN_ORDER / COVER).write_bytes(sign("cover", body, official))
    (half / "parts").rmdir()
    half.rename(folder)
    settle(folder.parent)


def _signers(officers: Sequence[Officer], number: int, lines: int) -> tuple[Officer, ...]:
    """Who signs a block's lines; a process needs no other keys."""
    ordinals = ordinals_of(number, lines)
    return tuple(officers[officer_of(ordinals[0]) : officer_of(ordinals[-1]) + 1])


def each(work: Callable[[Task], int], tasks: Sequence[Task], workers: int) -> Iterator[int]:
    """Do all tasks, in as many processes, and yield what each returns, in order."""
    if workers < 2 or len(tasks) < 2:
        yield from map(work, tasks)
        return
    with worker_pool(workers) as pool:
        yield from pool.map(work, tasks)


def _write_block(task: Task) -> int:
    half = Path(task.folder)
    lines = make_lines(task.seed, task.number, task.lines)
    block = make_block(task.seed, task.number, people_for(task.lines))
    write_block(half / RECORDS / f"records-{task.number:04d}.parquet", block)
    _write_truth(half / TRUTH, task.number, lines, block)
    part = half / "parts"
    (part / f"data-{task.number:04d}").write_bytes(_datafile(lines))
    signers = {officer.person: Signer(officer.person, officer.key(), task.nonce) for officer in task.officers}
    first = officer_of(lines.first + 1)
    engaged = [task.officers[officer_of(n) - first].person for n in _ordinals(lines)]
    with (
        (part / f"lines-{task.number:04d}").open("wb") as out,
        (part / f"signatures-{task.number:04d}").open("wb") as signed,
    ):
        for ordinal, line in enumerate(requests(lines, engaged), lines.first + 1):
            out.write(line + b"\n")
            signed.write(signers[engaged[ordinal - lines.first - 1]].attest(ordinal, line) + b"\n")
    return len(lines.kind)


def _ordinals(lines: Lines) -> range:
    return range(lines.first + 1, lines.first + len(lines.kind) + 1)


def _datafile(lines: Lines) -> bytes:
    """The file as submitted: five columns, nothing else."""
    out = io.StringIO(newline="")
    rows = zip(lines.first_name, lines.last_name, lines.number, lines.ordered, lines.address, strict=True)
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def _write_truth(folder: Path, number: int, lines: Lines, block: Block) -> None:
    # Without its unit a stated address denotes the building.
    local = np.maximum(lines.dwelling - block.first_dwelling, 0)
    building = np.where(lines.dwelling < 0, lines.dwelling, block.dwelling_id(block.homes.building[local]))
    of_lines = arrow.table(
        {
            "record": lines.record,
            "dwelling": lines.dwelling,
            "building": building,
            "whole": lines.whole,
            "twin": lines.twin,
            "kind": lines.kind,
        }
    )
    parquet.write_table(of_lines, folder / f"lines-{number:04d}.parquet", compression="zstd")
    filings, homes = block.filings, block.homes
    pairs = np.unique(filings.person * len(homes.kind) + filings.dwelling)
    person, dwelling = np.divmod(pairs, len(homes.kind))
    parts = street_lines(homes)
    way = parts["predirectional"]
    parts["street"] = np.where(way == "", parts["street"], way + " " + parts["street"])
    texts = parts[ADDRESS_PARTS[0]]
    for name in ADDRESS_PARTS[1:]:
        texts = texts + "|" + parts[name]
    of_records = {
        "record": person + block.first,
        "dwelling": block.dwelling_id(dwelling),
        "building": block.dwelling_id(homes.building[dwelling]),
        "address": texts[dwelling],
    }
    parquet.write_table(
        arrow.table(of_records), folder / f"addresses-{number:04d}.parquet", compression="zstd"
    )


def _join(target: Path, parts: Path, name: str, head: bytes = b"") -> str:
    """Put the parts of one file together in order, and return SHA-256 (hex) of the whole; the parts are removed."""
    digest = hashlib.sha256(head)
    with target.open("wb") as out:
        out.write(head)
        for part in sorted(parts.glob(f"{name}-*")):
            with part.open("rb") as piece:
                while read := piece.read(_PIECE):
                    digest.update(read)
                    out.write(read)
            part.unlink()
    return digest.hexdigest()
