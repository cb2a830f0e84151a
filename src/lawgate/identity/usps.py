"""Words of a delivery line that are written in several ways, each with the one form used for comparing."""

from __future__ import annotations

from lawgate.identity.fold import words


def _table(text: str) -> dict[str, str]:
    rows = [line.split() for line in text.strip().split("\n")]
    return {word: row[0] for row in rows for word in row}


SUFFIXES = _table(
    """
    ALY ALLEY ALLY
    ANX ANNEX
    ARC ARCADE
    AVE AVENUE AV AVEN AVN
    BCH BEACH
    BND BEND
    BLF BLUFF
    BLVD BOULEVARD BOUL BLV
    BR BRANCH
    BRG BRIDGE
    BRK BROOK
    BYP BYPASS
    CSWY CAUSEWAY
    CTR CENTER CENTRE CNTR
    CIR CIRCLE CIRC CRCL
    CLB CLUB
    CMN COMMON
    COR CORNER
    CT COURT CRT
    CTS COURTS
    CV COVE
    CRK CREEK
    CRES CRESCENT
    XING CROSSING
    XRD CROSSROAD
    DL DALE
    DR DRIVE DRV
    EST ESTATE
    ESTS ESTATES
    EXPY EXPRESSWAY EXPWY
    EXT EXTENSION
    FLS FALLS
    FRY FERRY
    FLD FIELD
    FLDS FIELDS
    FRD FORD
    FRST FOREST
    FRK FORK
    FWY FREEWAY
    GDN GARDEN
    GDNS GARDENS
    GTWY GATEWAY
    GLN GLEN
    GRN GREEN
    GRV GROVE
    HBR HARBOR
    HVN HAVEN
    HTS HEIGHTS HGTS
    HWY HIGHWAY HIWAY HWAY
    HL HILL
    HLS HILLS
    HOLW HOLLOW
    IS ISLAND
    JCT JUNCTION
    KNL KNOLL
    LK LAKE
    LKS LAKES
    LNDG LANDING
    LN LANE
    LOOP
    MNR MANOR
    MDW MEADOW
    MDWS MEADOWS
    ML MILL
    MLS MILLS
    MTWY MOTORWAY
    OVAL
    PARK PRK
    PKWY PARKWAY PKY PARKWY
    PASS
    PATH
    PIKE
    PL PLACE
    PLN PLAIN
    PLZ PLAZA
    PT POINT
    PRT PORT
    RNCH RANCH
    RDG RIDGE
    RIV RIVER
    RD ROAD
    RTE ROUTE
    ROW
    RUN
    SHR SHORE
    SPG SPRING
    SPGS SPRINGS
    SPUR
    SQ SQUARE
    STA STATION
    STRM STREAM
    ST STREET STR STRT
    SMT SUMMIT
    TER TERRACE TERR
    TRCE TRACE
    TRL TRAIL
    TPKE TURNPIKE
    VLY VALLEY
    VW VIEW
    VLG VILLAGE
    VIS VISTA
    WALK
    WAY WY
    WLS WELLS
    """
)

DIRECTIONALS = _table(
    """
    N NORTH
    S SOUTH
    E EAST
    W WEST
    NE NORTHEAST
    NW NORTHWEST
    SE SOUTHEAST
    SW SOUTHWEST
    """
)

OPENINGS = {"ST": "SAINT", "MT": "MOUNT", "FT": "FORT"}
"""First words of a street or city name that are often cut short; ``ST`` opens a name as Saint and closes it as Street."""

UNITS = _table(
    """
    APT APARTMENT APMT UNIT NO NUM NUMBER
    BLDG BUILDING
    BSMT BASEMENT
    DEPT DEPARTMENT
    FL FLOOR FLR
    FRNT FRONT
    LOT
    LOWR LOWER
    OFC OFFICE
    PH PENTHOUSE
    REAR
    RM ROOM
    SPC SPACE
    STE SUITE
    TRLR TRAILER
    UPPR UPPER
    """
)

BARE_UNIT = "APT"
"""The designators that mean nothing but "the unit called": an id without one is the same unit."""

INSTITUTIONS = frozenset(
    words("JAIL PRISON PENITENTIARY DETENTION CORRECTIONAL SHELTER COURTHOUSE EMBASSY CONSULATE HOSPITAL")
)
