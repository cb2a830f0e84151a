"""The states, territories and military regions of United States mail, and which ZIP codes belong to each."""

from __future__ import annotations

from functools import lru_cache

from lawgate.identity.fold import CACHED, line_words

# Postal abbreviation, name, then the three-digit ZIP prefixes that belong to it. A prefix may serve two (834, 967, 969).
_TABLE = """
AL|ALABAMA|350-352 354-369
AK|ALASKA|995-999
AZ|ARIZONA|850-853 855-857 859-860 863-865
AR|ARKANSAS|716-729
CA|CALIFORNIA|900-908 910-928 930-961
CO|COLORADO|800-816
CT|CONNECTICUT|060-069
DE|DELAWARE|197-199
DC|DISTRICT OF COLUMBIA|200 202-205 569
FL|FLORIDA|320-339 341-342 344 346-347 349
GA|GEORGIA|300-319 398-399
HI|HAWAII|967-968
ID|IDAHO|832-838
IL|ILLINOIS|600-620 622-629
IN|INDIANA|460-479
IA|IOWA|500-516 520-528
KS|KANSAS|660-662 664-679
KY|KENTUCKY|400-427
LA|LOUISIANA|700-701 703-708 710-714
ME|MAINE|039-049
MD|MARYLAND|206-212 214-219
MA|MASSACHUSETTS|010-027 055
MI|MICHIGAN|480-499
MN|MINNESOTA|550-551 553-567
MS|MISSISSIPPI|386-397
MO|MISSOURI|630-631 633-641 644-658
MT|MONTANA|590-599
NE|NEBRASKA|680-681 683-693
NV|NEVADA|889-891 893-895 897-898
NH|NEW HAMPSHIRE|030-038
NJ|NEW JERSEY|070-089
NM|NEW MEXICO|870-871 873-875 877-884
NY|NEW YORK|005 063 100-149
NC|NORTH CAROLINA|270-289
ND|NORTH DAKOTA|580-588
OH|OHIO|430-459
OK|OKLAHOMA|730-731 734-741 743-749
OR|OREGON|970-979
PA|PENNSYLVANIA|150-196
RI|RHODE ISLAND|028-029
SC|SOUTH CAROLINA|290-299
SD|SOUTH DAKOTA|570-577
TN|TENNESSEE|370-385
TX|TEXAS|733 750-770 772-799 885
UT|UTAH|840-847
VT|VERMONT|050-054 056-059
VA|VIRGINIA|201 220-246
WA|WASHINGTON|980-986 988-994
WV|WEST VIRGINIA|247-268
WI|WISCONSIN|530-532 534-535 537-549
WY|WYOMING|820-831 834
PR|PUERTO RICO|006-007 009
VI|VIRGIN ISLANDS|008
GU|GUAM|969
AS|AMERICAN SAMOA|967
MP|NORTHERN MARIANA ISLANDS|969
FM|FEDERATED STATES OF MICRONESIA|969
MH|MARSHALL ISLANDS|969
PW|PALAU|969
AA|ARMED FORCES AMERICAS|340
AE|ARMED FORCES EUROPE|090-099
AP|ARMED FORCES PACIFIC|962-966
"""


def _prefixes(spans: str) -> frozenset[str]:
    ends = [(s.split("-")[0], s.split("-")[-1]) for s in spans.split()]
    return frozenset(f"{n:03}" for low, high in ends for n in range(int(low), int(high) + 1))


_ROWS = [line.split("|") for line in _TABLE.split("\n") if line]
_PREFIXES = {abbreviation: _prefixes(spans) for abbreviation, _, spans in _ROWS}
# Shortened forms of the time before two letters, which are still written; none of them can be taken for another state.
_OLDER = """ALA AL;ARIZ AZ;ARK AR;CALIF CA;CAL CA;COLO CO;CONN CT;DEL DE;FLA FL;ILL IL;IND IN;KANS KS;MASS MA;MICH MI;MINN MN;MISS MS;MONT MT;
NEBR NE;NEB NE;NEV NV;N H NH;N J NJ;N MEX NM;N M NM;N Y NY;N C NC;N CAR NC;N DAK ND;N D ND;OKLA OK;OREG OR;ORE OR;PENN PA;PENNA PA;P R PR;R I RI;S C SC;
S DAK SD;S D SD;TENN TN;TEX TX;VT VT;WASH WA;W VA WV;W V WV;WIS WI;WISC WI;WYO WY;D C DC;US VIRGIN ISLANDS VI;U S VIRGIN ISLANDS VI;USVI VI;
THE DISTRICT OF COLUMBIA DC;N CAROLINA NC;S CAROLINA SC;N DAKOTA ND;S DAKOTA SD;W VIRGINIA WV;COMMONWEALTH OF PUERTO RICO PR;CNMI MP;
ARMED FORCES EUROPE AE;ARMED FORCES THE AMERICAS AA;MICRONESIA FM"""
_NAMES = (
    {older.strip().rpartition(" ")[0]: older.strip()[-2:] for older in _OLDER.split(";")}
    | {name: abbreviation for abbreviation, name, _ in _ROWS}
    | {a: a for a in _PREFIXES}
)
LONGEST_NAME = 4
"""Words in the longest name of a state that is looked for at the end of a line."""


@lru_cache(CACHED)
def state_code(text: str) -> str:
    """Return the two-letter abbreviation of a state as written or shortened, or empty if it is none."""
    found = line_words(text)
    return _NAMES.get(" ".join(found)) or _NAMES.get("".join(found), "")


def state_of_words(joined: str) -> str:
    """Return the abbreviation for folded words with single spaces, or empty."""
    return _NAMES.get(joined, "")


def zip_belongs(zip5: str, state: str) -> bool:
    """Say whether a five-digit ZIP can lie in that state, by its first three digits."""
    return zip5[:3] in _PREFIXES.get(state, ())
