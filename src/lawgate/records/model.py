"""The statistical model that may only veto: how likely one record found by the rule is the person asked about, and no one else.

Every tenant at the address (what one record says there, ``layout.py``) is compared with the request by the levels below. A pair of request and tenant belongs to one of four
latent classes: the same person, a relative who lives there, a namesake, or anybody. EM fits how often each class shows each level, on
made-up requests (``made_up.py``), without being told which is which. The classes are pinned: EM starts from ANCHOR, is held near it
by as many imagined pairs as HOLD says, and what does not come out in the order of ``_in_order`` is not taken.

The posterior of a record is its odds over one plus the odds of all tenants there (its own counted once, at their highest): the one stands for "not on record".
How common a name is in the deployment's own records is part of its level. The rule alone decides ONE; the model takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lawgate.records.measure import at_most

VERSION = 1
CLASSES = ("match", "relative", "namesake", "chance")
BOUND = 0.0005
"""The share of wrong answers among held-out made-up requests that the threshold keeps to, with 95 percent confidence."""
LEAST = 0.5
"""No threshold is lower: what is likelier somebody else is no answer."""

_BANDS = ("rare", "middling", "common")
_COMPARED = ("silent", "agrees", "differs")
FIELDS: Mapping[str, Sequence[str]] = {
    "given": ("other", "initial", "nickname", *(f"equal {b}" for b in _BANDS)),
    "surname": ("other", "part shared", "same parts", *(f"equal {b}" for b in _BANDS)),
    "suffix": _COMPARED,
    "middle": _COMPARED,
    "birth_date": _COMPARED,
    "taxpayer_number": _COMPARED,
    "unit": ("silent", "agrees"),
}
"""The comparison levels; who lives in another unit is not looked at. A pattern is one level of each, the last field's lowest (``kernel._pattern``)."""

SIZES = tuple(map(len, FIELDS.values()))
PATTERNS = int(np.prod(SIZES))

# What each class means, before anything is seen: one row a class, in the order of FIELDS.
_EQUAL = (0.3, 0.4, 0.3)
ANCHOR: tuple[tuple[tuple[float, ...], ...], ...] = (
    ((0.01, 0.02, 0.04, 0.93), (0.01, 0.01, 0.02, 0.96), (0.95, 0.045, 0.005), (0.6, 0.395, 0.005), (0.8, 0.195, 0.005), (0.8, 0.195, 0.005), (0.1, 0.9)),
    ((0.96, 0.02, 0.01, 0.01), (0.02, 0.05, 0.03, 0.90), (0.95, 0.01, 0.04), (0.6, 0.05, 0.35), (0.8, 0.001, 0.199), (0.8, 0.001, 0.199), (0.1, 0.9)),
    ((0.02, 0.03, 0.05, 0.90), (0.02, 0.03, 0.05, 0.90), (0.85, 0.02, 0.13), (0.6, 0.05, 0.35), (0.8, 0.001, 0.199), (0.8, 0.001, 0.199), (0.4, 0.6)),
    ((0.97, 0.02, 0.005, 0.005), (0.98, 0.01, 0.005, 0.005), (0.95, 0.01, 0.04), (0.6, 0.04, 0.36), (0.8, 0.001, 0.199), (0.8, 0.001, 0.199), (0.3, 0.7)),
)  # fmt: skip
_START = (0.4, 0.25, 0.01, 0.34)
HOLD = 50.0
_HOLD_SHARE = 0.02
_ROUNDS = 60

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Shares of the classes, the probability of each level by class and field, and whether EM's result came out in order and was taken."""

    shares: tuple[float, ...]
    levels: Mapping[str, Mapping[str, tuple[float, ...]]]
    taken: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """``at``: a lower posterior is no answer. Chosen on ``requests`` held-out made-up requests, of which the rule answered ``answered``.

    ``wrong_by_rule`` of these were wrong, ``wrong`` are left, at most the share ``wrong_at_most`` with 95 percent confidence, and the
    veto costs ``right_vetoed``. Requests equal in every stated datum to another's record are ``equal`` and count as neither.
    ``reliability`` has ten rows: bounds of the posterior, how many answers, how many of them right, the mean posterior.
    """

    at: float
    bound: float
    requests: int
    answered: int
    equal: int
    wrong_by_rule: int
    wrong: int
    wrong_at_most: float
    right_vetoed: int
    reliability: tuple[tuple[float, float, int, int, float], ...]


def fit(patterns: Array) -> Fitted:
    """Fit the classes to the patterns of pairs of request and record (one each) by EM. Deterministic; of none it is the anchor."""
    codes, counts = np.unique(patterns, return_counts=True)
    seen = _levels_of(codes)
    anchor = _anchor()
    hold = max(HOLD, _HOLD_SHARE * float(counts.sum()))
    shares, levels = np.array(_START), anchor
    for _ in range(_ROUNDS):
        joint = shares[:, None] * _likelihood(levels, seen)
        weight = counts * joint / joint.sum(axis=0)
        mass = weight.sum(axis=1) + hold * np.array(_START)
        shares = mass / mass.sum()
        levels = [
            _normal(np.stack([np.bincount(level, w, size) for w in weight]) + hold * anchored)
            for level, size, anchored in zip(seen, SIZES, anchor, strict=True)
        ]
    taken = len(codes) > 0 and _in_order(levels)
    shares, levels = (shares, levels) if taken else (np.array(_START), anchor)
    # Nine places are kept, in the file and in use alike: what is shown is what decides.
    by_class = {
        name: {f: tuple(np.round(table[k], 9).tolist()) for f, table in zip(FIELDS, levels, strict=True)}
        for k, name in enumerate(CLASSES)
    }
    return Fitted(tuple(np.round(shares, 9).tolist()), by_class, taken)


def odds_of(fitted: Fitted) -> Array:
    """Return for every pattern the odds that it is the same person."""
    levels = [np.array([fitted.levels[c][f] for c in CLASSES]) for f in FIELDS]
    joint = np.array(fitted.shares)[:, None] * _likelihood(levels, _levels_of(np.arange(PATTERNS)))
    odds: Array = joint[0] / np.maximum(joint[1:].sum(axis=0), 1e-300)
    return odds


def bounds_of(odds: Array) -> tuple[Array, Array]:
    """Return what bounds the odds where only part of a pattern is looked at; odds that are no number, or endless, bound nothing.

    The least odds, however common an equal name is: by given name (other, initial, nickname, equal), surname (the same parts, equal),
    the levels from suffix to taxpayer number, unit. The most: by given name, whether a surname is shared, and which of suffix, middle
    name, birth date and taxpayer number (one bit each, from the lowest on) the request states; what it does not state cannot agree,
    save a middle name that stands in the given name, nor differ, save a birth date that no filing is possible with.
    """
    by_field = np.where(np.isfinite(odds), odds, np.nan).reshape(SIZES)
    lowest, highest = (
        np.concatenate((by_field[:3], f(by_field[3:], axis=0, keepdims=True))) for f in (np.min, np.max)
    )
    least = np.stack((lowest[:, 2], lowest[:, 3:].min(axis=1)), axis=1)
    most = np.zeros((4, 2, 16))
    for stated in range(16):
        left = highest
        for field, can in enumerate(((0,), (0, 1), (0, 2), (0,))):
            if not stated >> field & 1:
                left = np.take(left, can, axis=2 + field)
        by_surname = left.max(axis=(2, 3, 4, 5, 6))
        most[:, 0, stated], most[:, 1, stated] = by_surname[:, 0], by_surname[:, 1:].max(axis=1)
    return least.ravel(), most.ravel()


def choose(posterior: Array, right: Array, equal: Array, requests: int) -> Threshold:
    """Choose the lowest threshold that keeps to BOUND, over the rule's answers to held-out requests; of none it is LEAST.

    If even no wrong answer at all would not show the bound, for lack of requests, none of the wrong ones is let through.
    """
    counted, bad = ~equal, np.sort(posterior[~right & ~equal])[::-1]
    allowed = 0
    while allowed < len(bad) and at_most(allowed + 1, requests) <= BOUND:
        allowed += 1
    at = max(LEAST, float(np.nextafter(bad[allowed], 2.0)) if allowed < len(bad) else 0.0)
    left = int((bad >= at).sum())
    edges = np.linspace(0, 1, 11)
    bins = np.clip((posterior * 10).astype(np.int64), 0, 9)
    table = []
    for n in range(10):
        here = counted & (bins == n)
        mean = float(posterior[here].mean()) if here.any() else 0.0
        table.append((round(float(edges[n]), 1), round(float(edges[n + 1]), 1), int(here.sum()), int((here & right).sum()), round(mean, 6)))  # fmt: skip
    return Threshold(
        at, BOUND, requests, len(posterior), int(equal.sum()), len(bad), left, at_most(left, requests) if requests else 1.0,
        int((right & (posterior < at)).sum()), tuple(table),
    )  # fmt: skip


def _anchor() -> list[Array]:
    tables = []
    for place, size in enumerate(SIZES):
        rows = [
            (*row[place][:3], *(row[place][-1] * share for share in _EQUAL)) if size == 6 else row[place]
            for row in ANCHOR
        ]
        tables.append(np.array(rows))
    return tables


def _levels_of(codes: Array) -> list[Array]:
    return list(np.unravel_index(codes, SIZES))


def _likelihood(levels: Sequence[Array], seen: Sequence[Array]) -> Array:
    product = np.ones((len(CLASSES), len(seen[0])))
    for table, level in zip(levels, seen, strict=True):
        product *= table[:, level]
    return product


def _normal(table: Array) -> Array:
    shared: Array = table / table.sum(axis=1, keepdims=True)
    return shared


def _in_order(levels: Sequence[Array]) -> bool:
    match, relative, namesake, chance = range(4)
    given, surname = levels[0][:, 3:].sum(axis=1), levels[1][:, 3:].sum(axis=1)
    birth = levels[4][:, 2]
    return bool(
        min(given[match], given[namesake]) > max(given[relative], given[chance])
        and min(surname[match], surname[relative], surname[namesake]) > surname[chance]
        and birth[match] < min(birth[relative], birth[namesake], birth[chance])
    )
