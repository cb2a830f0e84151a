"""The words of the population: given names and surnames with a rare tail, streets, and real city, state and ZIP triples.

The tables are the project's own and small. Common names come first, about as often as in a census; rare ones are built from
syllables, so that a large population has many names that occur once. Nothing is known of a name but how it is written (I-11).
No given name here is the short form of another one: that two of a household are called John and Jack is not modelled.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.object_]
Floats = NDArray[np.float64]

_GIVEN = """
James Mary Michael Patricia Robert Jennifer John Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas Karen
Christopher Sarah Charles Lisa Daniel Nancy Matthew Sandra Anthony Ashley Mark Emily Steven Kimberly Donald Margaret Andrew Donna
Joshua Michelle Paul Carol Kenneth Amanda Kevin Melissa Brian Deborah Timothy Stephanie Ronald Rebecca Jason Sharon George Laura
Edward Cynthia Jeffrey Dorothy Ryan Amy Jacob Kathleen Nicholas Angela Gary Shirley Eric Emma Jonathan Brenda Stephen Pamela Larry
Nicole Justin Anna Scott Samantha Brandon Katherine Benjamin Christine Samuel Debra Gregory Rachel Alexander Carolyn Patrick Janet
Raymond Maria Olivia Dennis Heather Helen Jose Catherine Henry Diane Adam Douglas Victoria Nathan Joyce Peter Lauren
Zachary Kelly Kyle Christina Noah Ruth Walter Joan Ethan Virginia Jeremy Judith Christian Evelyn Keith Hannah Austin Andrea Roger
Megan Cheryl Sean Jacqueline Gerald Martha Carl Madison Dylan Teresa Harold Gloria Jordan Sara Jesse Janice Bryan Ann Lawrence
Kathryn Arthur Abigail Gabriel Sophia Bruce Frances Logan Jean Alice Alan Isabella Juan Julia Elijah Grace
Amber Albert Denise Wayne Danielle Randy Marilyn Mason Beverly Vincent Charlotte Natalie Roy Theresa Diana Caleb Brittany
Bradley Doris Russell Kayla Lucas Alexis Luis Guadalupe Carlos Rosa Antonio Ximena Miguel Fatima Pedro Leticia Ahmed Noor Wei Mei Ivan
Olga Tomasz Ingrid Kwame Amara Hiroshi Yuki Raj Priya Dmitri Anja Thanh Linh Omar Leila Jean-Luc Zoé André Núria Søren Aoife
"""
_GIVEN_STARTS = """
Al An Ar Bel Bri Cal Cor Da Del El Em Fa Ga Ha In Ja Ka Kel La Lu Ma Mi Na Ni Or Pa Ra Ro Sa Sha Ta Te Ve Wi Ya Za
"""
_GIVEN_MIDDLES = """
ba da di la li lo ma mi na ni ra ri ro sha ta ti va ya ze
"""
_GIVEN_ENDS = """
a an ar el en ia id in is lyn na on ra rick son us yn
"""
_SURNAMES = """
Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore
Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen
Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards
Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox
Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross
Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Gonzales Fisher Vasquez Simmons Romero Jordan
Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar
Stevens Murray Ford Castro Marshall Owens Harrison Fernandez Mcdonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb
Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt Hicks Holmes Palmer
Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver
Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan
Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Pena Richards Contreras Willis
Carpenter Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega Watkins Greene Nunez Wheeler Valdez Harper Burke Larson Santiago
Maldonado Morrison Franklin Carlson Austin Dominguez Carr Lawson Jacobs Obrien Lynch Singh Vega Bishop Montgomery Oliver Jensen Harvey
Ng Li Wu Ahmed Khan Ali Hassan Kowalski Novak Ivanov Okafor Mensah Tanaka Sato Müller Núñez Béchard Çelik O'Brien D'Angelo
"""
_SURNAME_STARTS = """
Ab Ad Al An Ar Bal Bar Ben Bor Bra Bur Cal Car Cas Cor Dal Dan Del Dor Dra Eck Ed El Far Fel Fen Gal Gar Gil Gor Gra Hal Har Hol
Jan Kal Kar Kel Kor Kra Lam Lan Lar Lor Mal Mar Mel Mor Nar Nor Ol Or Pal Par Pel Por Qua Ral Ran Ros Sal San Sel Sor Sta Tal Tar
Tor Ul Val Var Ver Vor Wal War Wel Win Yar Zan Zel
"""
_SURNAME_MIDDLES = """
a am an ar e el en er i il in o ol on or u ul um
"""
_SURNAME_ENDS = """
ba berg by cott dale dez dorn feld field ford gan ham hurst ic ino ka ki land ley lin low man mann mer more nes ney nik nov ski
son stad stein ston ter thal ton tti ville vic well wick win witz worth
"""
PARTICLES = ("de la", "van der", "von", "al", "St.", "Di")

_STREETS = """
Main Oak Pine Maple Cedar Elm Washington Lake Hill Walnut Spring North Ridge Church Willow Mill Sunset Railroad Jackson River Highland
Johnson Dogwood Franklin Chestnut Forest Meadow Lincoln Cherry Adams Center Madison College Green Prospect Jefferson Park Hickory Locust
Poplar Birch Valley Sycamore Monroe Magnolia Laurel Ash Fairview Grant Woodland Lakeview Rose Broad Clark Hillcrest Pleasant Delaware
Cleveland Colonial Harrison Front Market Liberty Summit Virginia Cypress Aspen Juniper Hawthorne Orchard Garfield Holly Beech Vine
Country Charles Wilson Taylor Smith Lee Martin Scott Davis Warren Douglas Howard Logan Porter Fremont Quincy Tyler Pierce Harbor Mission
Canyon Mesa Sierra Vista Alameda Cortez Granada Palm Ocean Bay Shore Cove Fox Deer Eagle Hawk Robin Heron Cardinal Falcon Quail Wolf
Stone Rock Granite Marble Copper Silver Amber Crystal Ivy Fern Clover Heather Lilac Violet Jasmine Daisy Iris Primrose Marigold
"""
SUFFIXES: tuple[tuple[str, str], ...] = (
    ("St", "Street"), ("Ave", "Avenue"), ("Rd", "Road"), ("Dr", "Drive"), ("Ln", "Lane"), ("Ct", "Court"), ("Blvd", "Boulevard"),
    ("Pl", "Place"), ("Way", "Way"), ("Cir", "Circle"), ("Ter", "Terrace"), ("Pkwy", "Parkway"),
)  # fmt: skip
WAYS: tuple[tuple[str, str], ...] = (
    ("", ""),
    ("N ", "North "),
    ("S ", "South "),
    ("E ", "East "),
    ("W ", "West "),
)

_PLACES = """
AK: Anchorage 99501 99515, Fairbanks 99701
AL: Birmingham 35203 35212 35223, Huntsville 35801 35808, Mobile 36602 36610, Montgomery 36104 36111
AR: Fort Smith 72901, Little Rock 72201 72209, North Little Rock 72114
AZ: Glendale 85301, Mesa 85201 85207, Phoenix 85003 85021 85040, Scottsdale 85250 85257, Tucson 85701 85715 85742
CA: Anaheim 92801, Bakersfield 93301 93308, Berkeley 94702, Fresno 93650 93720, Glendale 91201, Irvine 92602, Long Beach 90802 90810, Los
  Angeles 90001 90023 90045, Modesto 95350, Oakland 94601 94610, Riverside 92501, Sacramento 95811 95822 95831, San Bernardino 92401, San
  Diego 92101 92111 92123, San Francisco 94102 94114 94128, San Jose 95101 95121 95131, Santa Ana 92701, Santa Barbara 93101, Stockton 95202
  95207
CO: Aurora 80010 80015, Colorado Springs 80902 80912 80923, Denver 80202 80220 80236, Littleton 80120, Pueblo 81001
CT: Hartford 06101, Stamford 06901, Waterbury 06701
DC: Washington 20001 20009 20019
DE: Dover 19901, Newark 19702, Wilmington 19801 19806
FL: Boca Raton 33428, Bradenton 34201 34208, Clearwater 33755, Fort Lauderdale 33301 33314 33325, Fort Myers 33901 33913, Fort Pierce 34945,
  Gainesville 32601, Hialeah 33010, Hollywood 33019, Jacksonville 32099 32212 32225, Kissimmee 34741, Lakeland 33801, Miami 33122 33146
  33176, Naples 34102 34112, Ocala 34470 34475, Orlando 32801 32812 32826, Pensacola 32501 32506, Pompano Beach 33060 33067, Saint
  Petersburg 33701 33709, Sarasota 34231 34237, Tallahassee 32301 32309, Tampa 33602 33611 33619, West Palm Beach 33401 33409
GA: Atlanta 30303 30316 30338, Macon 31201, Marietta 30008, Savannah 31401 31410
HI: Aiea 96701, Honolulu 96813 96819
IA: Cedar Rapids 52401, Des Moines 50307 50314, Sioux City 51101
ID: Boise 83702, Idaho Falls 83401, Pocatello 83201
IL: Chicago 60601 60620 60641, Peoria 61602, Rockford 61101, Springfield 62701
IN: Evansville 47708, Fort Wayne 46802 46814, Gary 46402, Indianapolis 46201 46221 46237, South Bend 46601 46617
KS: Kansas City 66101 66106, Overland Park 66204, Topeka 66603 66609 66616, Wichita 67202 67211 67220
KY: Covington 41011, Lexington 40502 40510, Louisville 40202 40212 40223
LA: Baton Rouge 70801 70809 70816, New Orleans 70112 70121 70129, Shreveport 71101 71108
MA: Boston 02108 02118, Springfield 01103 01118, Worcester 01602 01607
MD: Annapolis 21401, Baltimore 21201 21212 21223, Silver Spring 20901
ME: Berwick 03901, Cape Neddick 03902, Portland 04101
MI: Detroit 48201 48211 48224, Flint 48502, Grand Rapids 49503 49512, Kalamazoo 49001, Lansing 48906, Saginaw 48601
MN: Duluth 55802 55807, Minneapolis 55401 55418 55435, Saint Paul 55101 55111 55121
MO: Independence 64050, Kansas City 64101 64123 64145, Saint Louis 63101 63116 63131, Springfield 65802
MS: Gulfport 39501, Jackson 39201 39209, Meridian 39301
MT: Billings 59101, Great Falls 59401, Missoula 59801
NC: Charlotte 28202 28213 28269, Durham 27701, Fayetteville 28301, Greensboro 27401 27408, Raleigh 27601 27609, Winston Salem 27101
ND: Bismarck 58501, Fargo 58102, Grand Forks 58201
NE: Bellevue 68005, Lincoln 68502 68510 68522, Omaha 68102 68116 68135
NH: Manchester 03101, Nashua 03060, Rochester 03839
NJ: Jersey City 07302, Newark 07102, Paterson 07501 07510, Trenton 08608 08619
NM: Albuquerque 87101 87108 87114, Las Cruces 88001, Santa Fe 87501
NV: Henderson 89002, Las Vegas 89101 89121 89144, North Las Vegas 89030, Reno 89501 89510
NY: Albany 12202 12208, Bronx 10451 10459 10467, Brooklyn 11201 11216 11231, Buffalo 14201 14211 14220, New York 10001 10034 10128,
  Rochester 14604 14611 14618, Schenectady 12302, Staten Island 10301 10307, Syracuse 13202 13209
OH: Akron 44301 44310, Canton 44702 44708, Cincinnati 45202 45218 45236, Cleveland 44102 44112 44125, Columbus 43085 43211 43223, Dayton
  45402 45416 45431, Toledo 43601 43611, Youngstown 44502 44509
OK: Edmond 73003, Oklahoma City 73102 73118 73142, Tulsa 74103 74115 74130
OR: Beaverton 97003, Portland 97201 97214 97225, Salem 97301
PA: Allentown 18101, Erie 16501 16507, Harrisburg 17101 17110, Johnstown 15901, Philadelphia 19102 19121 19137, Pittsburgh 15201 15216
  15233, Reading 19601 19607, Scranton 18503, York 17401
RI: Cranston 02910, Providence 02903, Warwick 02886
SC: Charleston 29401, Columbia 29201 29209, Greenville 29601
SD: Alcester 57001, Rapid City 57701, Sioux Falls 57103
TN: Chattanooga 37402 37410, Knoxville 37902 37920, Memphis 38103 38114 38126, Nashville 37201 37209 37216
TX: Amarillo 79101 79109, Arlington 76001 76012, Austin 78701 78727 78744, Beaumont 77701, Conroe 77301, Corpus Christi 78401 78411, Dallas
  75201 75219 75238, El Paso 79901 79908 79925, Fort Worth 76102 76112 76132, Houston 77002 77034 77067, Lubbock 79401 79411, Plano 75023,
  San Antonio 78201 78222 78245, Spring 77373, Tyler 75701, Waco 76701, Wichita Falls 76301
UT: Ogden 84401, Salt Lake City 84101 84109 84118, Sandy 84070
VA: Alexandria 22301 22309, Arlington 22201 22206, Fairfax 22030, Henrico 23075, Newport News 23601, Norfolk 23502 23510, Portsmouth 23701,
  Richmond 23219 23227, Roanoke 24011, Suffolk 23432, Virginia Beach 23451 23457
VT: Barton 05822, Burlington 05401, White River Junction 05001
WA: Seattle 98101 98118 98154, Spokane 99201 99208, Tacoma 98402 98418, Vancouver 98660 98665
WI: Green Bay 54301, Madison 53703 53714, Milwaukee 53202 53211 53220
WV: Charleston 25301 25312, Huntington 25701, Martinsburg 25401
WY: Casper 82601, Cheyenne 82001, Laramie 82070
"""
"""Cities with some of their ZIP codes, by state: facts of the United States Postal Service, a few hundred of some forty thousand."""

_STATES = """
AK=Alaska AL=Alabama AR=Arkansas AZ=Arizona CA=California CO=Colorado CT=Connecticut DC=DC DE=Delaware FL=Florida GA=Georgia HI=Hawaii
IA=Iowa ID=Idaho IL=Illinois IN=Indiana KS=Kansas KY=Kentucky LA=Louisiana MA=Massachusetts MD=Maryland ME=Maine MI=Michigan
MN=Minnesota MO=Missouri MS=Mississippi MT=Montana NC=North_Carolina ND=North_Dakota NE=Nebraska NH=New_Hampshire NJ=New_Jersey
NM=New_Mexico NV=Nevada NY=New_York OH=Ohio OK=Oklahoma OR=Oregon PA=Pennsylvania RI=Rhode_Island SC=South_Carolina SD=South_Dakota
TN=Tennessee TX=Texas UT=Utah VA=Virginia VT=Vermont WA=Washington WI=Wisconsin WV=West_Virginia WY=Wyoming
"""
STATES: dict[str, str] = {
    code: name.replace("_", " ") for code, _, name in (pair.partition("=") for pair in _STATES.split())
}


def _column(words: list[str]) -> Words:
    column = np.empty(len(words), dtype=object)
    column[:] = words
    return column


def _triples() -> list[tuple[str, str, str]]:
    triples = []
    for line in _PLACES.strip().replace("\n  ", " ").split("\n"):
        state, _, cities = line.partition(": ")
        for city in cities.split(", "):
            words = city.split()
            codes = [word for word in words if word.isdigit()]
            triples += [(" ".join(words[: -len(codes)]), state, code) for code in codes]
    return triples


def _falling(common: int, rare: int, mass: float, slope: float) -> Floats:
    """Weights of a table: the common words fall off as in a census, the rare ones share what is left."""
    first = 1.0 / (np.arange(common) + 12.0) ** slope
    last = 1.0 / (np.arange(rare) + 400.0) ** 0.8
    return np.concatenate([first / first.sum() * mass, last / last.sum() * (1.0 - mass)]).cumsum()


def _rare(common: str, *syllables: str) -> list[str]:
    built = dict.fromkeys("".join(parts) for parts in product(*(part.split() for part in syllables)))
    return [name for name in built if name not in set(common.split())]


_RARE_GIVEN = _rare(_GIVEN, _GIVEN_STARTS, _GIVEN_MIDDLES, _GIVEN_ENDS)
_RARE_SURNAMES = _rare(_SURNAMES, _SURNAME_STARTS, _SURNAME_MIDDLES, _SURNAME_ENDS)

GIVEN: Words = _column([*_GIVEN.split(), *_RARE_GIVEN])
GIVEN_WEIGHTS: Floats = _falling(len(_GIVEN.split()), len(_RARE_GIVEN), 0.88, 0.9)
SURNAMES: Words = _column([*_SURNAMES.split(), *_RARE_SURNAMES])
SURNAME_WEIGHTS: Floats = _falling(len(_SURNAMES.split()), len(_RARE_SURNAMES), 0.55, 0.75)
"""Cumulated weights, the last one 1: ``np.searchsorted`` of a uniform number gives the word's place."""

STREETS: Words = _column(_STREETS.split())
_PLACE_TRIPLES = _triples()
CITIES: Words = _column([city for city, _, _ in _PLACE_TRIPLES])
STATE_CODES: Words = _column([state for _, state, _ in _PLACE_TRIPLES])
STATE_NAMES: Words = _column([STATES[state] for _, state, _ in _PLACE_TRIPLES])
ZIPS: Words = _column([code for _, _, code in _PLACE_TRIPLES])


def drawn(weights: Floats, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw places in a table by its cumulated weights."""
    return np.minimum(np.searchsorted(weights, rng.random(count), side="right"), len(weights) - 1)
