"""Writes the first worked cases of a new pack: an invented request in good order, and three cases that try the pack's own rule on it."""

from __future__ import annotations

from collections.abc import Sequence

from lawgate.statutes.rule import Rule


def first_cases(pack: str, citation: str, own_rule: str, rules: Sequence[Rule]) -> str:
    """Return the ``cases.toml``: all ``rules`` find the base MET, and ``own_rule``, which asks about the reasons, has a case for each outcome."""
    met = ", ".join(f'{rule.id} = "MET"' for rule in rules)
    return f'''# Worked cases of {citation}. Everybody and everything in them is invented.
# "base" is a request in good order; each case changes or removes some of its facts, and says what is found and how the line ends.
# The cases of the rules of the house are in house.toml, and are tried on this base too.

[base]
received_at = 2026-11-02T08:00:00Z
now = 2026-11-02T09:00:00Z

[base.switches]

[base.cover]
nonce = "00112233445566778899aabbccddeeff"
created = 2026-11-01T16:00:00Z
agency = "example-agency"
office = "agency-head"
holder = "p-head"
pack = "{pack}"
agreement = "agreement-1"
file_name = "requests.jsonl"
file_sha256 = "{"1" * 64}"
attestations_sha256 = "{"2" * 64}"
line_count = 1
columns = {{}}
certified_use = "Solely for the matters stated in the lines, by the officers named."
signer_keyid = "{"a" * 32}"
envelope_sha256 = "{"3" * 64}"

[base.line]
request_key = "K-1"
name = {{ given = "Ann", middle = "", surname = "Example", suffix = "" }}
address = {{ number = "12", predirectional = "", street = "N Main St", unit = "", box = "", city = "Eugene", state = "OR", zip = "97401", country = "US" }}
taxable_periods = ["2023", "2024"]
proceeding = {{ kind = "criminal-enforcement", case_number = "EX-2026-0042", opened = "2026-03-02", status = "open" }}
statutory_authority = "28 U.S.C. 533"
reasons = "Write here, for this ground, a reason that a requester could really give about one person."
engaged_officer = "p-officer"
items_requested = ["address"]

[base.attestation]
keyid = "{"b" * 32}"
person = "p-officer"
envelope_sha256 = "{"4" * 64}"

[base.standing.agency.asking]
id = "example-agency"
name = "Example Agency (invented)"
justice = false
since = 2025-01-01

[base.standing.office.head]
agency = "example-agency"
office = "agency-head"
person = "p-head"
name = "Head of the Example Agency (invented)"
since = 2025-01-01

[base.standing.agreement.first]
id = "agreement-1"
agency = "example-agency"
pack = "{pack}"
max_lines = 1000
since = 2025-01-01

[base.standing.safeguard.latest]
agency = "example-agency"
status = "accepted"
reference = "review-1"
since = 2025-01-01

[base.standing.key.official]
keyid = "{"a" * 32}"
public = "{"5" * 64}"
person = "p-head"
agency = "example-agency"
role = "requesting-official"
since = 2025-01-01T00:00:00Z

[base.standing.key.officer]
keyid = "{"b" * 32}"
public = "{"6" * 64}"
person = "p-officer"
agency = "example-agency"
role = "engaged-officer"
since = 2025-01-01T00:00:00Z
recipient = "age1example"
custodian = "Evidence Custodian (invented)"
location = "Room 1"

[[case]]
title = "A request in good order goes on, and one question is put to a person"
find = {{ {met}, {own_rule} = "ASK" }}
ask = ["{own_rule}"]
end = "on"

[[case]]
title = "A word is no reason"
change = {{ "line.reasons" = "needed" }}
find = {{ {own_rule} = "UNMET" }}
end = "X"

[[case]]
title = "No reason was sent"
remove = ["line.reasons"]
find = {{ {own_rule} = "UNKNOWN" }}
end = "I"
'''
