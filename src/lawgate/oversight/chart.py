"""Draws the nine steps as a funnel in SVG; number, word and count stand beside every band, so that nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from lawgate.oversight.data import StepCount
from lawgate.oversight.markup import Html, element, joined

WIDE, NARROW = 960, 380
FIRST_LOOK_UP = 5
"""The step at which a record is touched first; a wall is drawn before it."""
WALL = "No record is touched above this line"
_WIDE_ROW, _NARROW_ROW = 56, 78


def funnel(steps: Sequence[StepCount], *, narrow: bool) -> Html:
    """Draw the steps from top to bottom, bands in proportion to the lines that came to each. Two layouts for two widths."""
    width, row = (NARROW, _NARROW_ROW) if narrow else (WIDE, _WIDE_ROW)
    most = max((step.lines for step in steps), default=0) or 1
    name = "funnel-narrow" if narrow else "funnel-wide"
    said = "; ".join(f"{step.number} {step.word}: {step.lines:,}{_ended(step, ', ')}" for step in steps)
    shares = [step.lines / most for step in steps]
    bands = [
        _narrow_band(n * row, share) if narrow else _wide_band(n * row, share, after)
        for n, (share, after) in enumerate(zip(shares, [*shares[1:], None], strict=True))
    ]
    words = [
        _narrow_words(step, n * row) if narrow else _wide_words(step, n * row, shares[n])
        for n, step in enumerate(steps)
    ]
    kinds = ["side-records" if step.number >= FIRST_LOOK_UP else "side-request" for step in steps]
    drawn = (
        element("g", band, said, attrs={"class": kind})
        for band, said, kind in zip(bands, words, kinds, strict=True)
    )
    wall = next((n for n, step in enumerate(steps) if step.number == FIRST_LOOK_UP), 0)
    return element(
        "svg",
        element("title", "Lines at each of the nine steps", attrs={"id": f"{name}-title"}),
        element("desc", said, attrs={"id": f"{name}-desc"}),
        *drawn,
        *((_wall(wall * row, width),) if wall else ()),
        attrs={
            "viewBox": f"0 0 {width} {row * len(steps) - (14 if narrow else 22)}",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "class": name,
        },
    )


def _ended(step: StepCount, before: str) -> str:
    words = ", ".join(f"{number:,} {word}" for word, number in step.ended.items() if number)
    return f"{before}{words}" if words else ""


def _label(content: str, x: int, y: int, kind: str) -> Html:
    return element("text", content, attrs={"x": x, "y": y, "class": kind})


def _band(
    middle: int, room: int, top: int, heights: tuple[int, int], share: float, after: float | None
) -> Html:
    """One band, and the flow narrowing to the next one below it, if there is one (``after``)."""
    here = _width(room, share)
    height, gap = heights
    left = middle - here // 2
    track = element(
        "rect",
        attrs={"x": middle - room // 2, "y": top, "width": room, "height": height, "rx": 5, "class": "track"},
    )
    band = element(
        "rect", attrs={"x": left, "y": top, "width": here, "height": height, "rx": 5, "class": "bar"}
    )
    if after is None:
        return joined(track, band)
    there, bottom = _width(room, after), top + height
    below = middle - there // 2
    flow = f"M{left} {bottom}H{left + here}L{below + there} {bottom + gap}H{below}Z"
    return joined(element("path", attrs={"d": flow, "class": "flow"}), track, band)


def _width(room: int, share: float) -> int:
    return max(3, round(room * share)) if share else 0


def _wide_band(top: int, share: float, after: float | None) -> Html:
    return _band(424, 364, top, (34, _WIDE_ROW - 34), share, after)


def _wide_words(step: StepCount, top: int, share: float) -> Html:
    parts = [
        _label(f"{step.number}", 6, top + 23, "step-number"),
        _label(step.word, 30, top + 23, "step-word"),
        _label(f"{step.lines:,}", 226, top + 23, "step-count"),
    ]
    ended = _ended(step, "")
    if ended:
        edge = 424 + _width(364, share) // 2
        way = f"M{edge} {top + 26}C{edge + 24} {top + 26} {edge + 12} {top + 17} 640 {top + 17}"
        parts += [
            element("path", attrs={"d": way, "class": "exit"}),
            _label(f"▸ {ended}", 644, top + 22, "step-ended"),
        ]
    return joined(*parts)


def _narrow_band(top: int, share: float) -> Html:
    """The words stand between the bands here, so nothing flows behind them."""
    return _band(190, 372, top + 34, (20, _NARROW_ROW - 20), share, None)


def _narrow_words(step: StepCount, top: int) -> Html:
    ended = _ended(step, "▸ ")
    return joined(
        _label(f"{step.number}", 4, top + 14, "step-number"),
        _label(step.word, 24, top + 14, "step-word"),
        _label(f"{step.lines:,}", 376, top + 14, "step-count"),
        *((_label(ended, 24, top + 30, "step-ended"),) if ended else ()),
    )


def _wall(top: int, width: int) -> Html:
    """The line that no request crosses before a named officer let it by."""
    y = top - (6 if width == NARROW else 11)
    line = element("line", attrs={"x1": 0, "y1": y, "x2": width, "y2": y, "class": "wall"})
    return joined(line, _label(WALL, width - 4, y - 5, "wall-word"))
