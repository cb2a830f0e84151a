"""The numbers of guard: above them lines wait for a person. None has a default, because each protects someone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts are of lines, windows of ``window_days`` days; shares are of a submission's lines, between 0 and 1.

    The number of lines of one submission is the agreement's. A share can be thinned out with more lines, so beside every share
    stands a number for the window that cannot. ``template_words`` is how many words of a line's reasons may each stand in
    ``same_reasons_share`` of all lines before they count as a template, whatever was written around them.
    """

    window_days: int
    officer_lines_per_submission: int
    officer_lines_per_window: int
    official_lines_per_window: int
    agency_lines_per_window: int
    address_repeats_per_window: int
    case_lines_per_window: int
    cases_of_one_day_per_window: int
    same_reasons_share: float
    same_reasons_minimum: int
    same_reasons_per_window: int
    template_words: int
    unusable_address_share: float
    unusable_addresses_per_window: int
