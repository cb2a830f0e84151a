"""Makes HTML in which every text and every attribute is escaped, because nothing else can be put into an element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

VOID = frozenset({"meta", "br", "rect", "line", "path"})


class Html(str):
    """Text that is markup already; only ``element`` and ``joined`` make it."""

    __slots__ = ()


Content = Html | str | int


def text(value: Content) -> Html:
    """Escape anything that is not markup already."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def joined(*parts: Content) -> Html:
    """Put parts one after the other, each escaped unless it is markup."""
    return Html("".join(text(part) for part in parts))


def element(tag: str, *children: Content, attrs: Mapping[str, str | int] | None = None) -> Html:
    """Make one element. Tags and attribute names are the program's own; values and texts are escaped."""
    named = "".join(f' {name}="{escape(str(value), quote=True)}"' for name, value in (attrs or {}).items())
    if tag in VOID:
        return Html(f"<{tag}{named}/>")
    return Html(f"<{tag}{named}>{joined(*children)}</{tag}>")


def table(
    caption: str, headings: Sequence[str], rows: Sequence[Sequence[Content]], numbers: Sequence[int] = ()
) -> Html:
    """Make a table that stacks on narrow screens and keeps its roles there. ``numbers`` are the columns set right; the first
    cell of a row is its heading."""
    kinds = ["number" if n in numbers else "words" for n in range(len(headings))]
    head = element(
        "tr",
        *(
            element("th", heading, attrs={"scope": "col", "role": "columnheader", "class": kind})
            for heading, kind in zip(headings, kinds, strict=True)
        ),
        attrs={"role": "row"},
    )
    return element(
        "table",
        element("caption", caption),
        element("thead", head, attrs={"role": "rowgroup"}),
        element("tbody", *(_row(row, headings, kinds) for row in rows), attrs={"role": "rowgroup"}),
        attrs={"role": "table"},
    )


def _row(row: Sequence[Content], headings: Sequence[str], kinds: Sequence[str]) -> Html:
    cells = [
        element(
            "td" if n else "th",
            cell,
            attrs={"class": kind, "data-label": heading}
            | ({"role": "cell"} if n else {"scope": "row", "role": "rowheader"}),
        )
        for n, (cell, heading, kind) in enumerate(zip(row, headings, kinds, strict=True))
    ]
    return element("tr", *cells, attrs={"role": "row"})
