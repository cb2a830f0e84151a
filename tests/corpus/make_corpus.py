"""Writes addresses.jsonl: labelled synthetic addresses and non-addresses, the same on every run. ``python tests/corpus/make_corpus.py``.

Towns and ZIP codes are real and belong together; streets, numbers and names are made up. Each line: ``text``, ``address`` (true or false), ``kind``
and, for true ones, the ``parts`` it was written from.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

PLACES = [
    tuple(line.strip().split("|"))
    for line in """Houston|TX|77002;El Paso|TX|79901;San Antonio|TX|78207;Brownsville|TX|78520;McAllen|TX|78501;Laredo|TX|78040;Lubbock|TX|79401;Conroe|TX|77301;
Los Angeles|CA|90012;San Diego|CA|92101;Fresno|CA|93701;Bakersfield|CA|93301;Santa Ana|CA|92701;Oakland|CA|94601;Salinas|CA|93901;San Ysidro|CA|92173;Rancho Cucamonga|CA|91730;
Chicago|IL|60608;Springfield|IL|62704;Cicero|IL|60804;East St. Louis|IL|62201;Champaign|IL|61820;New York|NY|10001;Brooklyn|NY|11218;Bronx|NY|10451;Jackson Heights|NY|11372;
Buffalo|NY|14201;White Plains|NY|10601;Newark|NJ|07102;Paterson|NJ|07501;Elizabeth|NJ|07201;Perth Amboy|NJ|08861;Boston|MA|02110;Lawrence|MA|01840;Chelsea|MA|02150;Worcester|MA|01608;
Miami|FL|33130;Hialeah|FL|33010;Homestead|FL|33030;West Palm Beach|FL|33401;Port St. Lucie|FL|34952;Orlando|FL|32801;Immokalee|FL|34142;Fort Lauderdale|FL|33301;Tampa|FL|33602;
Phoenix|AZ|85004;Tucson|AZ|85701;Nogales|AZ|85621;Yuma|AZ|85364;Denver|CO|80203;Aurora|CO|80010;Greeley|CO|80631;Durango|CO|81301;Salt Lake City|UT|84105;Provo|UT|84601;
Las Vegas|NV|89101;Reno|NV|89501;North Las Vegas|NV|89030;Albuquerque|NM|87102;Las Cruces|NM|88001;Santa Fe|NM|87501;Seattle|WA|98101;Yakima|WA|98901;Federal Way|WA|98003;Pasco|WA|99301;
Portland|OR|97201;Salem|OR|97301;Woodburn|OR|97071;Boise|ID|83702;Nampa|ID|83651;Coeur d'Alene|ID|83814;Atlanta|GA|30303;Dalton|GA|30720;Gainesville|GA|30501;Norcross|GA|30071;
Charlotte|NC|28202;Raleigh|NC|27601;Winston-Salem|NC|27101;Siler City|NC|27344;Columbia|SC|29201;Greenville|SC|29601;Richmond|VA|23219;Falls Church|VA|22041;Arlington|VA|22201;
Washington|DC|20009;Baltimore|MD|21202;Hyattsville|MD|20783;Silver Spring|MD|20910;Philadelphia|PA|19107;Pittsburgh|PA|15222;Scranton|PA|18503;Reading|PA|19601;Kennett Square|PA|19348;
Detroit|MI|48201;Grand Rapids|MI|49503;Dearborn|MI|48126;Columbus|OH|43215;Cleveland|OH|44113;Toledo|OH|43604;Indianapolis|IN|46204;Goshen|IN|46526;Milwaukee|WI|53202;Green Bay|WI|54301;
Madison|WI|53703;Minneapolis|MN|55401;St. Paul|MN|55101;Worthington|MN|56187;Des Moines|IA|50309;Postville|IA|52162;Omaha|NE|68102;Lexington|NE|68850;Kansas City|MO|64106;St. Louis|MO|63101;
Wichita|KS|67202;Garden City|KS|67846;Dodge City|KS|67801;Oklahoma City|OK|73102;Tulsa|OK|74103;Little Rock|AR|72201;Springdale|AR|72764;Memphis|TN|38103;Nashville|TN|37203;Morristown|TN|37813;
Louisville|KY|40202;Lexington|KY|40507;Birmingham|AL|35203;Albertville|AL|35950;Jackson|MS|39201;Morton|MS|39117;New Orleans|LA|70112;Baton Rouge|LA|70801;Hartford|CT|06103;Danbury|CT|06810;
Providence|RI|02903;Central Falls|RI|02863;Manchester|NH|03101;Burlington|VT|05401;Portland|ME|04101;Wilmington|DE|19801;Georgetown|DE|19947;Charleston|WV|25301;Anchorage|AK|99501;
Honolulu|HI|96813;Ewa Beach|HI|96706;Fargo|ND|58102;Sioux Falls|SD|57104;Billings|MT|59101;Cheyenne|WY|82001""".replace(
        "\n", ""
    ).split(";")
]
STATES = dict(
    pair.split("=")
    for pair in [
        "TX=Texas",
        "CA=California",
        "IL=Illinois",
        "NY=New York",
        "NJ=New Jersey",
        "MA=Massachusetts",
        "FL=Florida",
        "AZ=Arizona",
        "CO=Colorado",
        "UT=Utah",
        "NV=Nevada",
        "NM=New Mexico",
        "WA=Washington",
        "OR=Oregon",
        "ID=Idaho",
        "GA=Georgia",
        "NC=North Carolina",
        "SC=South Carolina",
        "VA=Virginia",
        "DC=District of Columbia",
        "MD=Maryland",
        "PA=Pennsylvania",
        "MI=Michigan",
        "OH=Ohio",
        "IN=Indiana",
        "WI=Wisconsin",
        "MN=Minnesota",
        "IA=Iowa",
        "NE=Nebraska",
        "MO=Missouri",
        "KS=Kansas",
        "OK=Oklahoma",
        "AR=Arkansas",
        "TN=Tennessee",
        "KY=Kentucky",
        "AL=Alabama",
        "MS=Mississippi",
        "LA=Louisiana",
        "CT=Connecticut",
        "RI=Rhode Island",
        "NH=New Hampshire",
        "VT=Vermont",
        "ME=Maine",
        "DE=Delaware",
        "WV=West Virginia",
        "AK=Alaska",
        "HI=Hawaii",
        "ND=North Dakota",
        "SD=South Dakota",
        "MT=Montana",
        "WY=Wyoming",
    ]
)
NUMBERS = [
    "7",
    "18",
    "123",
    "402",
    "1509",
    "2210",
    "10455",
    "99",
    "3",
    "645",
    "12 1/2",
    "123A",
    "1234-B",
    "45-17",
    "0912",
    "88",
]
STREETS = """Main St;Oak Avenue;N 5th St;S. Elm Street;Martin Luther King Jr Blvd;Maple Ln;Cedar Court;W Washington Ave;E 42nd Street;Park Ave;Lake View Dr;Old Mill Rd;
Sunset Boulevard;Pine Ridge Trl;Walnut Cir;Rosewood Ter;NW 7th Ave;SW 12th Street;Cherry Hill Road;St. Charles Ave;Mission Blvd;Highland Pl;Industrial Pkwy;Commerce Way;
Peachtree St NE;Jefferson Davis Hwy;Garden Grove Blvd;River Bend Cv;Church St;Avenue C;1st Ave S;Third Street;Court St;Market Square;Union Tpke;King's Crossing;Fox Run Dr;
Cesar E Chavez Ave;De La Rosa St;Calle Real Dr;N St Johns Ave;East Lake Rd;County Road 12;US Hwy 64 W;State Route 9;FM 1960;Highway 31 N;E 1700 S;Rancho Vista Way;
Hospital Dr;Shelter Cove Rd;Jailhouse Rd;Unknown Soldier Blvd;General Bradley Ave;O'Brien St;Peña Blvd;24 1/2 Road;Stone Creek Xing;Bay Harbor Dr;A St;Q Street;Ash Aly""".replace(
    "\n", ""
).split(";")
STREETS.remove("24 1/2 Road")
ALONE = ["Broadway", "The Embarcadero", "Avenue of the Americas", "Camino Real", "Bowery", "Grand Concourse"]
UNITS = [
    "",
    "",
    "",
    "",
    "Apt 4B",
    "Apt. 12",
    "Unit 3",
    "# 7",
    "#22",
    "Ste 100",
    "Suite 210",
    "Lot 14",
    "Trlr 9",
    "Bldg 3 Apt 4",
    "Fl 2",
    "Rm 8",
    "Spc 33",
    "PMB 45",
    "Apt A",
]
BOXES = ["PO Box 12", "P.O. Box 345", "P O Box 7788", "POB 19", "Post Office Box 402", "PO BOX #55", "Box 31"]
ROUTES = [
    "RR 2 Box 152",
    "R.R. 1 Box 15A",
    "Rural Route 3 Box 9",
    "HC 68 Box 23A",
    "HC 1 Box 45",
    "RFD 2 Box 7",
    "Route 4 Box 212",
]
MILITARY = [
    ("PSC 3 Box 4120", "APO", "AE", "09021"),
    ("Unit 2050 Box 4190", "FPO", "AP", "96278"),
    ("CMR 400 Box 12", "APO", "AE", "09107"),
    ("PSC 802 Box 74", "APO", "AE", "09499"),
    ("Unit 9900 Box 500", "DPO", "AA", "34038"),
    ("PSC 473 Box 21", "FPO", "AP", "96349"),
]
ISLAND = [
    ("123", "Calle Luna", "San Juan", "00901"), ("45", "Calle Fortaleza", "San Juan", "00901"), ("1250", "Ave Ponce de Leon", "San Juan", "00907"), ("17", "Calle Betances", "Caguas", "00725"),
    ("208", "Calle Comercio", "Ponce", "00730"), ("61", "Calle Mendez Vigo", "Mayagüez", "00680"), ("300", "Calle San Jorge", "Santurce", "00912"), ("9", "Calle 5", "Bayamon", "00956"),
]  # fmt: skip
ISLAND_TEXT = [
    "URB LAS GLADIOLAS, {n} CALLE A, SAN JUAN PR 00926", "URB LAS GLADIOLAS {n} CALLE A SAN JUAN PR 00926-3232", "Urb. Villa Carolina, {n} Calle 32, Carolina, PR 00985",
    "URB ROOSEVELT\n{n} CALLE RODRIGO DE TRIANA\nSAN JUAN PR 00918", "Carr 123 Km {k}.4, Utuado PR 00641", "CARR 2 KM {k}.5, HATILLO, PR 00659", "CALLE LUNA #{n}, SAN JUAN PR 00901",
    "Calle Sol {n} Apt 3, San Juan, Puerto Rico 00901", "A-{k} CALLE 5, URB MONTE BRISAS, FAJARDO PR 00738", "HC 01 BOX {n}, LARES PR 00669", "Bo. Espinosa, Carr 679 Km 2.{k}, Vega Alta PR 00692",
    "PO BOX {n}, AGUADILLA PR 00605", "COND EL MONTE, {n} AVE HOSTOS APT 1204, SAN JUAN PR 00918", "Ave. Muñoz Rivera {n}, San Juan, PR 00918",
]  # fmt: skip
TERRITORIES = [
    ("Marine Corps Dr", "Tamuning", "GU", "96913"),
    ("Kronprindsens Gade", "St Thomas", "VI", "00802"),
    ("Beach Rd", "Saipan", "MP", "96950"),
    ("Fagatogo Rd", "Pago Pago", "AS", "96799"),
]
GRID = [("N6W23001", "Bluemound Rd", "Waukesha", "WI", "53188"), ("W204 N11912", "Goldendale Rd", "Germantown", "WI", "53022"), ("26W540", "Geneva Rd", "Wheaton", "IL", "60187"), ("842", "E 1700 S", "Salt Lake City", "UT", "84105"),
    ("1355", "South 400 West", "Provo", "UT", "84601"), ("2345", "N 1200 East Rd", "Assumption", "IL", "62510"), ("91-1234", "Fort Weaver Rd", "Ewa Beach", "HI", "96706"), ("34-12", "36th St", "Astoria", "NY", "11106")]  # fmt: skip
ABROAD = [
    "Av. Reforma {n}, Col. Juárez, 06600 Ciudad de México, México", "Calle 5 de Mayo {n}, Puebla, Puebla, Mexico", "{n} King St W, Toronto, ON M5V 1A1, Canada", "{n} Rue Saint-Denis, Montréal, QC H2X 3K8, Canada",
    "{n} Downing Street, London SW1A 2AA, United Kingdom", "{n} rue de Rivoli, 75001 Paris, France", "Hauptstraße {n}, 10115 Berlin, Germany", "7a Avenida {n}-20 Zona 1, Guatemala City, Guatemala",
    "Colonia Escalón, Calle Arce {n}, San Salvador, El Salvador", "Calle El Conde {n}, Santo Domingo, Dominican Republic", "Carrera 7 No {n}-10, Bogotá, Colombia", "Jr. de la Unión {n}, Lima, Peru",
    "Rua Augusta {n}, São Paulo, SP 01305-000, Brazil", "{n} Rizal Ave, Manila, Philippines", "{n} Nguyen Hue, Ho Chi Minh City, Vietnam", "P.O. Box {n}, Nairobi, Kenya", "Via Roma {n}, 00184 Roma, Italy",
    "{n} MG Road, Bengaluru 560001, India", "Avenida Central {n}, San José, Costa Rica", "{n} Harbour St, Kingston, Jamaica", "Boulevard Morazán {n}, Tegucigalpa, Honduras", "{n} Delmas, Port-au-Prince, Haiti",
]  # fmt: skip
PEOPLE = ["John Smith", "Maria Lopez", "Acme Corp", "Nguyen Family", "Rosa M. Diaz-Perez"]


def rendered(rng: random.Random, parts: dict[str, str], style: int) -> str:
    """Write the parts down in one of many ways."""
    line = (
        " ".join(p for p in (parts.get("number", ""), parts.get("street", ""), parts.get("unit", "")) if p)
        or parts["box"]
    )
    apart = (
        ", ".join(
            p
            for p in (f"{parts.get('number', '')} {parts.get('street', '')}".strip(), parts.get("unit", ""))
            if p
        )
        or parts["box"]
    )
    city, state, code = parts["city"], parts["state"], parts["zip"]
    full = STATES.get(state, state)
    forms = [
        f"{line}, {city}, {state} {code}", f"{apart}, {city}, {state} {code}", f"{line} {city} {state} {code}".lower(), f"{line} {city} {state} {code}".upper(), f"{line}\n{city}, {state} {code}",
        f"{apart}, {city} {state} {code}, USA", f"{line},{city},{state},{code}", f"{line}  {city},  {state}   {code}", f"{line}, {city}, {full} {code}", f"{line} {city}, {full}, {code}-{rng.randrange(1000, 9999)}",
        f"{rng.choice(PEOPLE)}, {apart}, {city}, {state} {code}", f"{rng.choice(PEOPLE)}\n{apart}\n{city} {state} {code}\nUnited States", f"c/o {rng.choice(PEOPLE)}, {line}, {city}, {state} {code}",
        f"{apart}; {city}; {state}; {code}", f"{line} - {city} - {state} - {code}", f"{line}, {city}, {state}. {code}", f"{line.replace('.', '')} {city.replace('.', '')} {full} {code}".title(), f"{apart}, {city}, {state}{code}",
        f"  {line} ,{city} ,{state} {code} U.S.A.", f"ATTN: {rng.choice(PEOPLE)}\n{line}\n{city}, {full} {code}",
    ]  # fmt: skip
    return forms[style % len(forms)]


def true_rows(rng: random.Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []

    def add(kind: str, parts: dict[str, str], style: int) -> None:
        rows.append({"text": rendered(rng, parts, style), "address": True, "kind": kind, "parts": parts})

    for n in range(1400):
        city, state, code = PLACES[n % len(PLACES)]
        parts = {
            "number": rng.choice(NUMBERS),
            "street": rng.choice(STREETS),
            "unit": rng.choice(UNITS),
            "city": city,
            "state": state,
            "zip": code,
        }
        add("street", parts, n)
    for n in range(60):
        city, state, code = PLACES[(n * 7) % len(PLACES)]
        add(
            "street without suffix",
            {
                "number": rng.choice(NUMBERS[:8]),
                "street": ALONE[n % len(ALONE)],
                "unit": "",
                "city": city,
                "state": state,
                "zip": code,
            },
            n,
        )
    for n in range(140):
        city, state, code = PLACES[(n * 11) % len(PLACES)]
        add(
            "box" if n % 2 else "route",
            {"box": (BOXES if n % 2 else ROUTES)[n // 2 % 7], "city": city, "state": state, "zip": code},
            n // 3,
        )
    for n in range(42):
        box, city, state, code = MILITARY[n % len(MILITARY)]
        add("military", {"box": box, "city": city, "state": state, "zip": code}, n // 2)
    for n in range(64):
        number, street, city, code = ISLAND[n % len(ISLAND)]
        add(
            "island",
            {"number": number, "street": street, "unit": "", "city": city, "state": "PR", "zip": code},
            n // 4,
        )
    for n in range(60):
        number, street, city, state, code = GRID[n % len(GRID)]
        add(
            "grid",
            {"number": number, "street": street, "unit": "", "city": city, "state": state, "zip": code},
            n // 3,
        )
    for n in range(40):
        street, city, state, code = TERRITORIES[n % 4]
        add(
            "territory",
            {
                "number": rng.choice(NUMBERS[:8]),
                "street": street,
                "unit": "",
                "city": city,
                "state": state,
                "zip": code,
            },
            n // 2,
        )
    for n in range(3 * len(ISLAND_TEXT)):
        rows.append(
            {
                "text": ISLAND_TEXT[n % len(ISLAND_TEXT)].format(n=20 + 7 * n, k=1 + n % 9),
                "address": True,
                "kind": "island form",
            }
        )
    for n in range(3 * len(ABROAD)):
        rows.append(
            {"text": ABROAD[n % len(ABROAD)].format(n=11 + 13 * n), "address": True, "kind": "abroad"}
        )
    return rows


FILLERS = """Failed to Provide;Unknown Address;NA NA;N/A;n.a.;none;unknown;homeless;general delivery;same as above;xxxx;0;00000;Don't Care 12345;not provided;...;-----;???;aaaa;[REDACTED];
no fixed abode;undomiciled;in transit;transient;refused;did not provide;address unknown;to be determined;see file;desconocido;sin domicilio;no proporcionado;sin hogar;se desconoce;inconnu;sans abri;
sans domicile fixe;non communiqué;no tiene;no sabe;no aplica;unable to provide;last known;living on the street;UTL;NKA;at large;same;same address;not applicable;null;test;asdf;qwerty;dirección desconocida""".replace(
    "\n", ""
).split(";")
PLACE_ONLY = [
    "{c}, {s} {z}",
    "{z}",
    "{c}",
    "{s}",
    "{c} {s}",
    "{z}-1234",
    "{s} {z}",
    "United States",
    "{c}, {s}, USA",
    "County of {c}, {s} {z}",
    "{c} {z}",
    "downtown {c}, {s} {z}",
    "{c} area, {s} {z}",
    "near {c} {s} {z}",
    "somewhere in {c}, {s} {z}",
]
PART_MISSING = """123 Main St;123 Main St, {c};123 Main St, {c}, {s};123 Main St, {z};123 Main St, {s} {z};123 {c} {s} {z};123, {c}, {s} {z};Main St, {c}, {s} {z};Main Street {c} {s} {z};Apt 4B, {c}, {s} {z};
Unit 5 {c} {s} {z};# 12, {c}, {s} {z};PO Box, {c}, {s} {z};P.O. Box {c} {s} {z};RR 2, {c}, {s} {z};123 St, {c}, {s} {z};123 N, {c}, {s} {z};N Main St Apt 4, {c}, {s} {z};1234 5678, {c}, {s} {z};
123 Main St, {c}, ZZ {z};123 Main St, {c}, {s} 00000;123 Main St, {c}, {s} 9999;123 Main St, {c}, {s} 1234567;123 Avenue, {c}, {s} {z};Lot 5 Block 3 Sunny Acres, {c}, {s} {z};0 Main St, {c}, {s} {z};
Oak Apartments, {c}, {s} {z};Trailer 9, {c} {s} {z};HC 68, {c}, {s} {z};PSC 3 Box 12, {c}, {s} {z};123 Main St, {s}, {s} {z};123 Main St Apt 4 {s} {z};Broadway, {c}, {s} {z};{c}, 123 {s} {z};House 12, {c}, {s} {z}""".replace(
    "\n", ""
).split(";")
CODES = """A123456789, {c}, {s} {z};A-123-456-789 {c} {s} {z};A123456789 Main St, {c}, {s} {z};915-555-0142;(915) 555-0142, {c}, {s} {z};915-555-0142 Main St, {c}, {s} {z};555-1234 Oak Ave, {c}, {s} {z};
123-45-6789;123-45-6789 Elm St, {c}, {s} {z};Case 12-34567, {c}, {s} {z};23-CV-01234, {c}, {s} {z};DOB 01/02/1980, {c} {s} {z};01/02/1980 Main St, {c}, {s} {z};someone@example.com;123 main@example.com, {c}, {s} {z};
https://example.com/123;www.example.com, {c} {s} {z};29.7604, -95.3698;29.7604 -95.3698 {c} {s} {z};29°45'N 95°22'W, {c}, {s} {z};FIN 1234567890;123456789;12345678901234;ID# 4411 {c} {s} {z};
SSN 123456789, {c}, {s} {z};Subject ID 000123, {c}, {s} {z};1-800-555-0199, {c}, {s} {z};N/A 12345;X99999 {c} {s} {z};Bed 12 Pod C, {c}, {s} {z};Booking 445566, {c}, {s} {z}""".replace(
    "\n", ""
).split(";")
INSTITUTIONS = """Krome Detention Center;County Jail, {c}, {s};County Jail, {c}, {s} {z};{c} County Jail {c} {s} {z};Federal Correctional Institution, {c}, {s} {z};ICE Processing Center {c} {s} {z};c/o ICE;c/o ICE, {c}, {s} {z};
c/o County Jail, {c}, {s} {z};Homeless Shelter, {c}, {s} {z};Salvation Army Shelter {c} {s} {z};State Prison, {c}, {s};Bus station, {c}, {s} {z};Embassy of Mexico, Washington, DC 20006;St. Mary's Hospital, {c}, {s} {z};
Port of Entry, {c}, {s} {z};Border Patrol Station, {c}, {s} {z};Hospital, {c} {s} {z};Walmart parking lot, {c}, {s} {z};Motel 6, {c}, {s} {z};Camp 7, {c}, {s} {z};Shelter 4, {c}, {s} {z};12 County Jail, {c}, {s} {z}""".replace(
    "\n", ""
).split(";")
VAGUE = """5th & Main, {c} {s} {z};5th and Main, {c}, {s} {z};corner of Oak and Elm, {c}, {s} {z};100 Main St & 5th Ave, {c}, {s} {z};100 5th and Main, {c}, {s} {z};2 blocks north of Main St, {c}, {s} {z};
two blocks from the church, {c}, {s} {z};12 miles south of {c}, {s} {z};mile marker 12 I-10, {c}, {s} {z};100 block of Main St, {c}, {s} {z};near 123 Main St, {c}, {s} {z};behind 123 Main St, {c}, {s} {z};
across from 123 Main St, {c}, {s} {z};not 123 Main St, {c}, {s} {z};formerly 123 Main St, {c}, {s} {z};123 Main St, {c}, {s} {z} or 45 Oak St, Dallas TX 75201;123 Main St, 45 Oak St, {c}, {s} {z};
moved, 123 Main St, {c}, {s} {z};123 Main St, vacant, {c}, {s} {z};3 children, {c}, {s} {z};lives in car, {c}, {s} {z};with friends, {c}, {s} {z};his uncle's house, {c}, {s} {z};under the bridge on Main St, {c}, {s} {z};
tent 5, {c}, {s} {z};Main St between 4th and 5th, {c}, {s} {z};the blue house, {c}, {s} {z};last known 123 Main St, {c}, {s} {z};unknown, 123 Main St, {c}, {s} {z};rural {c}, {s} {z};farm outside {c}, {s} {z}""".replace(
    "\n", ""
).split(";")
MASKED = """1** Main St, {c}, {s} {z};*** Main St, {c}, {s} {z};XXX Main St, {c}, {s} {z};123 M*** St, {c}, {s} {z};123 XXXX St, {c}, {s} {z};123 ____ St, {c}, {s} {z};123 Main St, ******, {s} {z};123 Main St, {c}, {s} 77***;
12XX Main St, {c}, {s} {z};123 Main St, {c}, ** {z};123 Main St Apt **, {c}, {s} {z};123 Main St, XXXXX, {s} {z};PO Box XXX, {c}, {s} {z};PO Box ***, {c}, {s} {z};123 █████ St, {c}, {s} {z};123 ... St, {c}, {s} {z};
??? Main St, {c}, {s} {z};123 Main St, {c}, {s} XXXXX;[REDACTED], {c}, {s} {z};123 [REDACTED] St, {c}, {s} {z}""".replace(
    "\n", ""
).split(";")
FILLED = [
    "{f}",
    "{f}, {c}, {s} {z}",
    "{f} {z}",
    "{f}, {z}",
    "123 {f} St, {c}, {s} {z}",
    "123 {f}, {c}, {s} {z}",
    "123 Main St, {f}, {s} {z}",
    "{f} Main St, {c}, {s} {z}",
    "123 Main St, {c}, {f} {z}",
    "123 Main St, {c}, {s} {f}",
]
FOREIGN = """Mexico;Ciudad Juárez, Mexico;Calle 5, Mexico;Guatemala, Guatemala;Calle Juárez s/n, Oaxaca, Mexico;unknown, San Salvador, El Salvador;Domicilio conocido, Puebla, Mexico;12 Main St, Canada;
Colonia Centro, Tegucigalpa, Honduras;London, United Kingdom;SW1A 2AA, United Kingdom;M5V 1A1, Canada;desconocido, Lima, Peru;*** Rue Haute, Bruxelles, Belgium;inconnu, Paris, France;123 Main St, Nowhereland""".replace(
    "\n", ""
).split(";")


def false_rows(rng: random.Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []

    def add(kind: str, template: str) -> None:
        city, state, code = rng.choice(PLACES)
        rows.append(
            {
                "text": template.replace("{f}", rng.choice(FILLERS)).format(c=city, s=state, z=code),
                "address": False,
                "kind": kind,
            }
        )

    for kind, templates, times in (
        ("place only", PLACE_ONLY, 3),
        ("part missing", PART_MISSING, 4),
        ("code", CODES, 3),
        ("institution", INSTITUTIONS, 4),
        ("vague", VAGUE, 3),
        ("masked", MASKED, 3),
        ("abroad", FOREIGN, 1),
    ):
        for template in templates * times:
            add(kind, template)
    for filler in FILLERS:
        for template in FILLED:
            add("filler", template.replace("{f}", filler))
    for n in range(60):  # a ZIP of somewhere else
        (city, state, _), (_, other, code) = PLACES[n], PLACES[(n + 61) % len(PLACES)]
        if state != other:
            rows.append(
                {
                    "text": f"{100 + n} Oak St, {city}, {state} {code}",
                    "address": False,
                    "kind": "zip elsewhere",
                }
            )
    return rows


def main() -> None:
    rng = random.Random(20261122)
    rows = true_rows(rng) + false_rows(rng)
    target = Path(__file__).with_name("addresses.jsonl")
    target.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(
        json.dumps(
            {"true": sum(bool(r["address"]) for r in rows), "false": sum(not r["address"] for r in rows)}
        )
    )


if __name__ == "__main__":
    main()
