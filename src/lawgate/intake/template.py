"""Gives a requester something to begin with: an example form and the columns of a CSV line file. All names in it are invented."""

from __future__ import annotations

from lawgate.intake.fields import known_columns

_FORM = """\
# What the requesting official signs. Every value below is an example: replace it.
agency = "example-agency"        # as registered with the gateway
office = "agency-head"           # an office of the statute's closed list
holder = "p-official"            # person id of whoever holds the office and signs in person
delegation = ""                  # a delegation instrument, if any; 26 U.S.C. 6103(i)(2) accepts none
pack = "usc26-6103-i-2"          # the ground; see `lawgate pack list`
agreement = "example-agreement"  # the agreement under which you submit
certification = "Solely for the preparation for, or investigation leading to, the proceeding stated in each line."

# Only if your CSV file calls its columns something else: ours = "theirs". Nothing is guessed.
# [columns]
# "name.given" = "FIRST"
# "address.zip" = "POSTAL CODE"
"""


def example_form() -> str:
    """Return an example form (TOML) that ``parse_form`` accepts as it is."""
    return _FORM


def csv_header() -> str:
    """Return the header line of a CSV line file with every known column, ending in CRLF as RFC 4180 has it.

    ``offence_facts.<fact>`` columns may be added. Leave out what you do not state.
    """
    return ",".join(known_columns()) + "\r\n"
