"""How fast line files are read, beside the floor: the standard library's JSON and CSV readers alone. Prints JSON; all data invented."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.domain.standing import Agency, EnrolledKey, Role, Standing
from lawgate.domain.steps import Received
from lawgate.evidence.envelope import keyid_of
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.intake.lines import read_lines
from lawgate.intake.parts import sent
from lawgate.intake.receive import read_received, receive

LINES = 20_000
ATTESTED = 1_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
COLUMNS = (
    "request_key", "name.given", "name.surname", "address.number", "address.street", "address.city", "address.state", "address.zip",
    "taxable_periods", "criminal_statute", "offence_facts.final_order_date", "proceeding.kind", "proceeding.case_number",
    "reasons", "engaged_officer", "items_requested",
)  # fmt: skip


def cells(number: int) -> list[str]:
    return [
        f"R-{number}", "Ada", f"Example{number}", str(number), "N Main St", "Dayton", "OH", "45402", "2022;2023", "8 U.S.C. 1253(a)(1)",
        "2024-01-02", "investigation", f"C-{number}", f"The address is needed, in matter {number}.", "p-officer", "address",
    ]  # fmt: skip


def data(number: int) -> dict[str, object]:
    values: dict[str, object] = {}
    for column, cell in zip(COLUMNS, cells(number), strict=True):
        field, _, part = column.partition(".")
        if part:
            inner = values.setdefault(field, {})
            assert isinstance(inner, dict)
            inner[part] = cell
        else:
            values[field] = cell.split(";") if field in ("taxable_periods", "items_requested") else cell
    return values


def jsonl(count: int) -> bytes:
    return b"".join(json.dumps(data(number)).encode() + b"\n" for number in range(count))


def table(count: int) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(COLUMNS), *(cells(number) for number in range(count))])
    return text.getvalue().encode()


def rate(count: int, work: Callable[[], object]) -> int:
    """Lines per second, the best of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return round(count / best)


def enrolled(private: Ed25519PrivateKey, person: str, role: Role) -> EnrolledKey:
    public = private.public_key().public_bytes_raw()
    return EnrolledKey(keyid_of(public), public.hex(), person, "agency-1", role, NOW)


def receive_rate() -> int:
    """Whole submissions: every line attested, every signature verified."""
    official, officer = (Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32) for seed in (1, 2))
    keys = (
        enrolled(official, "p-official", Role.REQUESTING_OFFICIAL),
        enrolled(officer, "p-officer", Role.ENGAGED_OFFICER),
    )
    standing = Standing(agencies=(Agency("agency-1", "Example", True, date(2026, 1, 1)),), keys=keys)
    form = Form(
        agency="agency-1",
        office="agency-head",
        holder="p-official",
        pack="p",
        agreement="a",
        certification="c",
    )
    files = compose(form, jsonl(ATTESTED), "l.jsonl", official, {"p-officer": officer}, NOW, "ab" * 16)
    submission = sent(files)
    outcome = receive(submission, standing, NOW, {"p"})
    assert isinstance(outcome, Received)
    return rate(ATTESTED, lambda: sum(1 for _ in read_received(submission, outcome, standing)))


def main() -> None:
    lines, records = jsonl(LINES), table(LINES)
    assert not any(line.faults for line in read_lines("l.jsonl", lines, {}))
    assert not any(line.faults for line in read_lines("l.csv", records, {}))
    figures = {
        "jsonl_lines_per_s": rate(LINES, lambda: read_lines("l.jsonl", lines, {})),
        "jsonl_floor_lines_per_s": rate(LINES, lambda: [json.loads(line) for line in lines.splitlines()]),
        "csv_lines_per_s": rate(LINES, lambda: read_lines("l.csv", records, {})),
        "csv_floor_lines_per_s": rate(LINES, lambda: list(csv.reader(io.StringIO(records.decode(), newline="")))),
        "receive_lines_per_s": receive_rate(),
    }  # fmt: skip
    print(json.dumps({"bench": "intake", "lines": LINES, "receive_lines": ATTESTED, **figures}))


if __name__ == "__main__":
    main()
