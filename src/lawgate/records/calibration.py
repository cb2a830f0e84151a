"""Draws how well the model is calibrated: for each tenth of the posterior, the share of answers that were right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lawgate.records.measure import share

_SIDE, _MARGIN = 400, 50


def calibration_svg(threshold: Mapping[str, Any]) -> str:
    """Return an SVG picture that needs nothing else: shares with 95 percent intervals, the diagonal, and where the veto begins."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE + 2 * _MARGIN} {_SIDE + 2 * _MARGIN}" font-family="sans-serif" font-size="12">',
        f"<title>Share of right answers by posterior, {threshold['requests']} made-up requests held out</title>",
        f'<rect width="{_SIDE + 2 * _MARGIN}" height="{_SIDE + 2 * _MARGIN}" fill="#fff"/>',
        f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" fill="none" stroke="#000"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="4"/>',
        f'<path d="M{_x(threshold["at"])} {_y(0)}V{_y(1)}" stroke="#a00"/>',
        f'<text x="{_x(threshold["at"])}" y="{_y(1) - 6}" text-anchor="middle">veto under {threshold["at"]:.3f}</text>',
        f'<text x="{_x(0.5)}" y="{_y(0) + 40}" text-anchor="middle">posterior</text>',
        f'<text x="14" y="{_y(0.5)}" text-anchor="middle" transform="rotate(-90 14 {_y(0.5)})">share of answers that are right</text>',
    ]
    for n in range(6):
        parts.append(f'<text x="{_x(n / 5)}" y="{_y(0) + 18}" text-anchor="middle">{n / 5:.1f}</text>')
        parts.append(f'<text x="{_x(0) - 6}" y="{_y(n / 5) + 4}" text-anchor="end">{n / 5:.1f}</text>')
    for _, _, count, right, mean in threshold["reliability"]:
        if count:
            found = share(right, count)
            parts.append(f'<path d="M{_x(mean)} {_y(found.low)}V{_y(found.high)}" stroke="#036"/>')
            parts.append(
                f'<circle cx="{_x(mean)}" cy="{_y(right / count)}" r="4" fill="#036"><title>{right} of {count} right</title></circle>'
            )
    return "\n".join([*parts, "</svg>\n"])


def _x(share_of_width: float) -> float:
    return round(_MARGIN + _SIDE * share_of_width, 1)


def _y(share_of_height: float) -> float:
    return round(_MARGIN + _SIDE * (1 - share_of_height), 1)
