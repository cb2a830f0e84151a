from __future__ import annotations

import hashlib
import random
import string
from collections.abc import Callable, Sequence

import pytest

from lawgate.guard.reasons import BANDS, NOTHING_LEFT, Sketcher, words_left
from lawgate.guard.seen import seen_of
from lawgate.guard.traces import Traces

TEMPLATE = (
    "{name} did not depart after the final order of {day}; officers visited {number} Elm Street without success, neighbours had "
    "moved away, and the order of removal remains unexecuted while travel papers lie ready at the embassy"
)


def keyed(secret: str) -> Callable[[str, str], bytes]:
    return lambda kind, text: hashlib.sha256(f"{secret}/{kind}/{text}".encode()).digest()[:16]


def filled(n: int, text: str = TEMPLATE) -> dict[str, object]:
    draw = random.Random(n)
    name = "".join(draw.choices(string.ascii_lowercase, k=7)).title()
    data = {"request_key": f"K-{n}", "name": {"given": name, "surname": name[::-1].title()}}
    stated = text.format(name=name, day=f"{1 + n % 28} March {2000 + n % 25}", number=n)
    return data | {"reasons": stated}


def alike(one: dict[str, object], other: dict[str, object]) -> bool:
    sketcher = Sketcher(keyed("secret"))
    bands = [set(sketcher.sketch(words_left(data))[0]) for data in (one, other)]  # type: ignore[arg-type]
    return bool(bands[0] & bands[1])


def test_a_template_with_other_names_numbers_and_dates_is_the_same_text() -> None:
    assert words_left(filled(1)) == words_left(filled(2))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda t: t.replace(" ", "  \n"),
        lambda t: t.replace("e", "\u0435").replace("o", "\u043e"),
        lambda t: t.replace("order", "or\u200bder"),
        lambda t: t.replace("e", "e\u0301"),
        lambda t: t.replace(" ", " - ").replace(",", " /"),
        lambda t: "; ".join(reversed(t.split("; "))),
        lambda t: f"{t} {t}",
        lambda t: t.replace("officers", "officer").replace("remains", "remain"),
    ],
    ids=["case", "space", "cyrillic", "zero-width", "accents", "punctuation", "order", "twice", "inflection"],
)
def test_writing_the_template_otherwise_does_not_hide_it(change: Callable[[str], str]) -> None:
    other = filled(2)
    other["reasons"] = change(str(other["reasons"]))
    assert alike(filled(1), other)


def test_different_reasons_are_not_alike() -> None:
    other = "Wire transfers ended at a branch near the dwelling, which decides the venue of trial."
    assert not alike(filled(1), filled(2, other))


def test_a_text_of_names_numbers_and_empty_phrases_only_has_nothing_left_and_all_such_texts_are_alike() -> (
    None
):
    one = {"reasons": "The address of this person is needed for the investigation 4711."}
    other = {"reasons": "Information about Jane Doe is relevant to case AB-12."}
    assert words_left(one) == words_left(other) == NOTHING_LEFT  # type: ignore[arg-type]
    assert alike(one, other)  # type: ignore[arg-type]


def test_writing_everything_in_capitals_masks_nothing() -> None:
    text = "WIRE TRANSFERS ENDED AT A BRANCH WHICH DECIDES THE VENUE"
    assert words_left({"reasons": text}) == words_left({"reasons": text.capitalize()})


def test_absent_blank_and_unreadable_reasons_leave_nothing() -> None:
    for data in ({}, {"reasons": ""}, {"reasons": " \n"}, {"reasons": 7}, {"reasons": None}):
        assert words_left(data) == frozenset()
        assert Sketcher(keyed("secret")).sketch(words_left(data)) == ((), ())


def test_a_sketch_depends_on_the_homes_secret() -> None:
    words = words_left(filled(1))  # type: ignore[arg-type]
    one, other = (Sketcher(keyed(secret)).sketch(words)[0] for secret in ("one", "other"))
    assert len(one) == BANDS
    assert not set(one) & set(other)


def test_no_word_of_the_reasons_stands_in_a_sketch() -> None:
    words = words_left(filled(1))  # type: ignore[arg-type]
    text = str(Sketcher(keyed("secret")).sketch(words))
    assert not any(word in text for word in words)


def template_sizes(texts: Sequence[frozenset[str]]) -> list[int]:
    """How many words of each text stand in a fifth of all of them."""
    sketcher = Sketcher(keyed("secret"))
    left = [
        Traces(n, True, True, b"", b"", b"", b"", b"", (), (), sketcher.sketch(words)[1])
        for n, words in enumerate(texts, 1)
    ]
    common = seen_of(left).common_words(0.2, 5)
    return [sum(word in common for word in one.words) for one in left]


def test_padding_each_line_with_words_of_its_own_does_not_shrink_the_template() -> None:
    texts = []
    for n in range(50):
        draw = random.Random(n)
        padding = " ".join("".join(draw.choices(string.ascii_lowercase, k=8)) for _ in range(60))
        texts.append(words_left(filled(n, TEMPLATE + " " + padding)))  # type: ignore[arg-type]
    assert min(template_sizes(texts)) >= 12


def test_a_few_shared_words_make_no_template() -> None:
    texts = [frozenset({"fraud", "bank", f"own{n}", f"more{n}", f"else{n}"}) for n in range(50)]
    assert set(template_sizes(texts)) == {2}
