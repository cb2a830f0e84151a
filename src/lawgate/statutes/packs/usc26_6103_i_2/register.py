"""Federal criminal statutes that this pack takes as specifically designated (6103(i)(1)(A)(i)) without asking a person.

The register is the project's own and confers nothing: a well-formed citation that is not in it is put to a named officer, and
one of the tax title is refused, because the ground excludes tax administration. Counsel confirms each row before it is relied on.
"""

from __future__ import annotations

from lawgate.statutes.wording import Citation

TAX_TITLE = 26
DISCLOSURE_GROUND = Citation(26, "6103")
"""Requesters cite the ground they ask under beside their authority; that citation is no authority for a matter, nor tax work."""

_ROWS: dict[int, dict[str, str]] = {
    7: {"2024": "misuse of nutrition benefits"},
    8: {
        "1253(a)(1)": "wilful failure to depart",
        "1324": "bringing in and harbouring",
        "1325": "improper entry",
        "1326": "re-entry after removal",
    },
    15: {"78ff": "securities exchange offences", "1644": "fraudulent use of credit cards"},
    18: {
        "152": "concealment of assets in bankruptcy",
        "286": "conspiracy to make false claims",
        "287": "false claims",
        "371": "conspiracy",
        "641": "theft of public money or property",
        "656": "theft by a bank officer",
        "666": "theft from programmes with federal funds",
        "911": "false claim of citizenship",
        "922": "unlawful acts with firearms",
        "924": "penalties, firearms",
        "1001": "false statements",
        "1014": "false loan applications",
        "1015": "false statements in naturalisation",
        "1028": "identification documents fraud",
        "1028a": "aggravated identity theft",
        "1029": "access device fraud",
        "1030": "computer fraud",
        "1031": "major fraud against the United States",
        "1341": "mail fraud",
        "1343": "wire fraud",
        "1344": "bank fraud",
        "1347": "health care fraud",
        "1349": "attempt and conspiracy to defraud",
        "1425": "unlawful procurement of naturalisation",
        "1503": "obstruction of justice",
        "1512": "tampering with a witness",
        "1542": "false statement in a passport application",
        "1546": "visa and permit fraud",
        "1591": "sex trafficking",
        "1621": "perjury",
        "1623": "false declarations before a court",
        "1951": "robbery and extortion affecting commerce",
        "1956": "money laundering",
        "1957": "transactions in criminal proceeds",
        "1962": "racketeering",
        "2251": "sexual exploitation of children",
        "2252a": "child exploitation material",
        "2314": "transport of stolen goods",
    },
    21: {"841": "drug distribution", "846": "drug conspiracy", "952": "drug importation", "963": "drug import conspiracy"},
    31: {"5324": "structuring"},
    42: {"408": "social security fraud", "1320a-7b": "health programme offences"},
    50: {"1705": "emergency economic powers violations"},
}  # fmt: skip


def _citation(title: int, text: str) -> Citation:
    section, _, rest = text.partition("(")
    return Citation(title, section, tuple(rest.removesuffix(")").split(")(")) if rest else ())


REGISTER: dict[Citation, str] = {
    _citation(title, section): offence for title, rows in _ROWS.items() for section, offence in rows.items()
}
"""Citation to a short word for the offence. A citation of a part of a row is in the register; one of a wider section is not."""

_BY_SECTION: dict[tuple[int, str], tuple[Citation, ...]] = {
    (row.title, row.section): tuple(r for r in REGISTER if (r.title, r.section) == (row.title, row.section))
    for row in REGISTER
}


def is_registered(cited: Citation) -> bool:
    """Say whether a citation is a row of the register or a part of one."""
    return any(cited.within(row) for row in _BY_SECTION.get((cited.title, cited.section), ()))
