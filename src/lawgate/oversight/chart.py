"""Draws the nine steps as bars in SVG: number, word and count stand beside every bar, so that nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from lawgate.oversight.data import StepCount
from lawgate.oversight.markup import Html, element, joined

WIDE, NARROW = 960, 380


def funnel(steps: Sequence[StepCount], *, narrow: bool) -> Html:
    """Draw the steps from top to bottom, bars in proportion to the lines that came to each. Two layouts for two widths."""
    width, row = (NARROW, 60) if narrow else (WIDE, 46)
    most = max((step.lines for step in steps), default=0) or 1
    name = "funnel-narrow" if narrow else "funnel-wide"
    draw = _narrow_row if narrow else _wide_row
    said = "; ".join(f"{step.number} {step.word}: {step.lines}{_ended(step, ', ')}" for step in steps)
    return element(
        "svg",
        element("title", "Lines at each of the nine steps", attrs={"id": f"{name}-title"}),
        element("desc", said, attrs={"id": f"{name}-desc"}),
        *(draw(step, n * row, step.lines / most) for n, step in enumerate(steps)),
        attrs={
            "viewBox": f"0 0 {width} {row * len(steps)}",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "class": name,
        },
    )


def _ended(step: StepCount, before: str) -> str:
    words = ", ".join(f"{number} {word}" for word, number in step.ended.items() if number)
    return f"{before}{words}" if words else ""


def _label(content: str, x: int, y: int, kind: str) -> Html:
    return element("text", content, attrs={"x": x, "y": y, "class": kind})


def _bar(x: int, y: int, room: int, height: int, share: float) -> Html:
    width = max(2, round(room * share)) if share else 0
    track = element(
        "rect", attrs={"x": x, "y": y, "width": room, "height": height, "rx": 4, "class": "track"}
    )
    bar = element("rect", attrs={"x": x, "y": y, "width": width, "height": height, "rx": 4, "class": "bar"})
    return joined(track, bar)


def _wide_row(step: StepCount, top: int, share: float) -> Html:
    parts = [
        _label(f"{step.number}", 8, top + 27, "step-number"),
        _label(step.word, 34, top + 27, "step-word"),
        _bar(190, top + 8, 330, 28, share),
        _label(f"{step.lines}", 534, top + 28, "step-count"),
        _label(_ended(step, ""), 596, top + 27, "step-ended"),
    ]
    return element("g", *parts)


def _narrow_row(step: StepCount, top: int, share: float) -> Html:
    parts = [
        _label(f"{step.number}", 4, top + 17, "step-number"),
        _label(step.word, 26, top + 17, "step-word"),
        _label(_ended(step, ""), 128, top + 17, "step-ended"),
        _bar(4, top + 26, 310, 18, share),
        _label(f"{step.lines}", 324, top + 41, "step-count"),
    ]
    return element("g", *parts)
