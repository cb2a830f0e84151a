"""Mutilates accepted addresses for a time and prints JSON: nothing may crash, take long, or be accepted without a needed part.

Usage: python bench/address_fuzz.py [seconds [seed]]. The addresses are the true ones of the test corpora, as far as they are accepted.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from lawgate.identity.address import read_address, read_text
from lawgate.identity.delivery import number_form
from lawgate.identity.stated import AddressParts

SECONDS = 20
CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
NEEDED = ("number", "street", "box", "city", "state", "zip")
MASKS = ("***", "XXXX", "____", "█████", "?", "??", "...", "-----", "[REDACTED]", "(b)(6)", "~~~~", "xxx")
FILLERS = (
    "N/A", "Unknown", "Failed to Provide", "00000", "none", "null", "refused", "same", "TBD", "pending", "homeless", "transient", "undefined", "see file",
    "desconocido", "no proporcionado", "sin domicilio", "ninguno", "se negó", "asdf", "qwerty", "test", "n.a.", "not provided", "at large", "deported",
)  # fmt: skip
TOWNS = (
    "Blah",
    "Nowhereish",
    "Fakeville",
    "Anytown",
    "Snorkelton Heights",
    "City",
    "Wumpus Falls",
    "Ciudad Falsa",
)
NOISE = "".join(
    map(
        chr,
        (
            *range(32),
            *range(0x300, 0x320),
            0x200B,
            0x202E,
            0xFEFF,
            0xFFFD,
            0x1F600,
            0x5D0,
            0x4E2D,
            0xB2,
            0xBD,
            0xFF11,
            0x0660,
        ),
    )
)
UNSEEN = "".join(map(chr, (0x8, 0x9B, 0xAD, 0x34F, 0x61C, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x202E, 0x2060, 0x2062, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xE0041, 0xE0101)))  # fmt: skip
OCR = str.maketrans(
    {"0": "O", "1": "l", "5": "S", "8": "B", "o": "0", "l": "1", "S": "5", "B": "8", "m": "rn", "e": "c"}
)
SLOW = 0.5
"""Seconds of processor time that one text may take."""


def whole() -> list[dict[str, str]]:
    """Return the parts of every accepted address at home that needs all its parts."""
    out = []
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            reading = (
                read_address(row["parts"] if "parts" in row else {"text": row["text"]})
                if row["address"]
                else None
            )
            if reading is None or reading.parts is None or reading.parts.country or needs_less(reading.parts):
                continue
            out.append({k: v for k, v in asdict(reading.parts).items() if v})
    return out


def needs_less(parts: AddressParts) -> bool:
    """Say whether a part could go and an address be left: a box beside a street, a street that is also a number and a street."""
    both = parts.box and parts.number
    return (
        bool(both)
        or bool(number_form(parts.street.split(" ")[0]) if parts.street else False)
        or parts.state == "PR"
    )


def written(parts: dict[str, str], separator: str) -> str:
    line = " ".join(parts[p] for p in ("number", "street", "unit") if parts.get(p)) or parts.get("box", "")
    return (
        f"{line}{separator}{parts.get('city', '')}{separator}{parts.get('state', '')} {parts.get('zip', '')}"
    )


def left_out(parts: dict[str, str], part: str, dice: random.Random) -> dict[str, str]:
    return {**parts, part: dice.choice(("", " ", "\t", *MASKS, *FILLERS))}


def struck(parts: dict[str, str], part: str, dice: random.Random) -> dict[str, str]:
    stated, sign = parts[part], dice.choice("*█_?")
    keep = dice.randrange(len(stated))
    return {**parts, part: stated[:keep] + sign * (len(stated) - keep)}


def unseen(parts: dict[str, str], part: str, dice: random.Random) -> dict[str, str]:
    """Return the parts with a sign that nobody sees in one of them, instead of a sign or between two."""
    stated, at = parts[part], dice.randrange(len(parts[part]))
    return {**parts, part: stated[:at] + dice.choice(UNSEEN) + stated[at + dice.randrange(2) :]}


def invented(parts: dict[str, str], part: str, dice: random.Random) -> dict[str, str]:
    return {**parts, "city": dice.choice(TOWNS)}


def elsewhere(parts: dict[str, str], part: str, dice: random.Random) -> dict[str, str]:
    first = dice.choice([d for d in "0123456789" if d != parts["zip"][0]])
    return {**parts, "zip": f"{first}{parts['zip'][1:]}"}


def zeroed(parts: dict[str, str], part: str, dice: random.Random) -> dict[str, str]:
    return {
        **parts,
        "number" if "number" in parts else "box": dice.choice(("0", "00", "000", "PO Box 0", "0-0")),
    }


def cut_in_two(parts: dict[str, str], part: str, dice: random.Random) -> dict[str, str]:
    """Return the parts with a space before, or in place of, a digit in the middle of a number."""
    places = [
        (name, found.start(), found.end())
        for name in (part, *NEEDED)
        if name in parts
        for found in re.finditer("(?<=[0-9])[0-9]", parts[name][: 5 if name == "zip" else None])
    ]
    if not places:
        return left_out(parts, part, dice)
    name, start, end = dice.choice(places)
    stated = parts[name]
    inner = stated[end : end + 1].isdigit() and dice.random() < 0.5
    return {**parts, name: f"{stated[:start]} {stated[end if inner else start :]}"}


MUTILATIONS: tuple[Callable[[dict[str, str], str, random.Random], dict[str, str]], ...] = (
    left_out,
    struck,
    unseen,
    invented,
    elsewhere,
    zeroed,
    cut_in_two,
)


def noisy(text: str, dice: random.Random) -> str:
    """Return the text with signs, marks, scripts, cut ends or turned words in it: anything may come of it but a crash."""
    kind = dice.randrange(5)
    if kind == 0:
        return "".join(c + (dice.choice(NOISE) if dice.random() < 0.2 else "") for c in text)
    if kind == 1:
        return text.translate(OCR)
    if kind == 2:
        return text[dice.randrange(len(text)) :]
    if kind == 3:
        return " ".join(dice.sample(text.split(), len(text.split())))
    return text * dice.randrange(2, 9)


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    dice, base = random.Random(seed), whole()
    tried: Counter[str] = Counter()
    accepted: list[object] = []
    slowest = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(200):
            parts = dice.choice(base)
            how = dice.choice(MUTILATIONS)
            less = how(parts, dice.choice([p for p in NEEDED if p in parts]), dice)
            text = written(less, dice.choice((", ", "\n", " , ", ",", "; ", " ")))
            for stated in (less, {"text": text}):
                tried[how.__name__] += 1
                if read_address(dict(stated)).sufficient:
                    accepted.append({"how": how.__name__, "stated": stated, "of": parts})
            begun = time.process_time()
            reading = read_text(noisy(written(parts, ", "), dice))
            slowest = max(slowest, time.process_time() - begun)
            tried["noise"] += 1
            if (
                reading.parts is not None
                and not read_address({k: v for k, v in asdict(reading.parts).items() if v}).sufficient
            ):
                accepted.append({"how": "noise", "stated": asdict(reading.parts), "of": parts})
    ok = not accepted and slowest < SLOW
    result = {
        "bench": "address_fuzz",
        "seconds": seconds,
        "seed": seed,
        "addresses": len(base),
        "tried": dict(sorted(tried.items())),
        "accepted_mutilations": len(accepted),
        "first": accepted[:10],
        "slowest_milliseconds": round(slowest * 1000, 1),
        "ok": ok,
    }
    print(json.dumps(result, ensure_ascii=False))
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
