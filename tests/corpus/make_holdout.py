"""Writes holdout.jsonl: styles thought of after the gate was written, so that it could not be fitted to them. Same on every run."""

from __future__ import annotations

import json
import random
from pathlib import Path

PLACES = [
    tuple(line.strip().split("|"))
    for line in """Tupelo|MS|38801;Bozeman|MT|59715;Ocala|FL|34470;Visalia|CA|93277;Truth or Consequences|NM|87901;Lee's Summit|MO|64063;Ann Arbor|MI|48104;Mount Vernon|NY|10550;
Fond du Lac|WI|54935;Sault Ste. Marie|MI|49783;Ft. Worth|TX|76102;Saint Cloud|MN|56301;Bowling Green|KY|42101;Prince Frederick|MD|20678;O'Fallon|IL|62269;Upper Marlboro|MD|20772;Big Spring|TX|79720;
Ottumwa|IA|52501;Hendersonville|NC|28792;Kalispell|MT|59901;Minot|ND|58701;Elko|NV|89801;Hilo|HI|96720;Bethel|AK|99559;Plainfield|NJ|07060;Lynn|MA|01902;Nashua|NH|03060;Barre|VT|05641;
Pawtucket|RI|02860;Bangor|ME|04401;New Haven|CT|06511;Dover|DE|19901;Roanoke|VA|24011;Beckley|WV|25801;Rock Hill|SC|29730;Valdosta|GA|31601;Mobile|AL|36602;Lafayette|LA|70501;Conway|AR|72032;
Enid|OK|73701;Salina|KS|67401;Kearney|NE|68847;Rapid City|SD|57701;Casper|WY|82601;Pueblo|CO|81003;Logan|UT|84321;Flagstaff|AZ|86001;Pocatello|ID|83201;Bend|OR|97701;Spokane|WA|99201""".replace(
        "\n", ""
    ).split(";")
]
TRUE = """{n} Quail Hollow Ct, {c} {s} {z}|{n} quail hollow ct. {c}, {s} {z}|{n} W. Dr. Martin Luther King Jr. Blvd., {c}, {s} {z}|{n} N.E. 23rd Ave., Apt. #4, {c}, {s}, {z}|{n} Old State Road, {c}, {s} {z}
{n} Hwy 90 East, {c}, {s} {z}|{n} U.S. 31, {c}, {s} {z}|{n} U.S. Highway 12 W, {c} {s} {z}|{n} State Hwy 99 N, {c}, {s} {z}|{n} CR 425, {c}, {s} {z}|{n} Co Rd 7, {c} {s} {z}|{n} County Rd. 33 NW, {c}, {s} {z}
{n} Route 66, {c}, {s} {z}|{n} Rt 9W, {c}, {s} {z}|{n} I-35 Frontage Rd, {c}, {s} {z}|{n} Interstate 10 Service Rd, {c}, {s} {z}|{n} Ranch Road 620 S, {c}, {s} {z}|{n} Farm to Market Road 518, {c}, {s} {z}
{n} SE Powell Blvd Unit A, {c}, {s} {z}|{n} Wabash Ave # 1201, {c}, {s} {z}|{n} Wabash Ave #1201 {c} {s} {z}|{n} Wabash Ave Apt#12, {c}, {s} {z}|{n} Wabash Ave Apt12 {c} {s} {z}|{n} Wabash Ave., Apt. No. 3, {c} {s} {z}
{n} Oak Knoll Lane, Building C, Apartment 204, {c}, {s} {z}|{n} Palmetto Park Mobile Home Dr Lot 22, {c} {s} {z}|{n} Spruce St 3rd Fl, {c} {s} {z}|{n} Spruce St, Floor 3, {c}, {s} {z}|{n} Spruce St Basement, {c} {s} {z}
{n} Spruce Street (Rear), {c}, {s} {z}|{n} Spruce St Upper, {c}, {s} {z}|{n} Spruce St, Lower Unit, {c}, {s} {z}|{n} E Second St, {c}, {s} {z}|{n} Twenty-Third St, {c}, {s} {z}|{n} 1/2 S Vine St, {c}, {s} {z}|{n}½ S Vine St, {c}, {s} {z}
{n}-{m} 37th Ave, {c}, {s} {z}|{n} B Street SW, {c}, {s} {z}|{n} Avenue J, {c}, {s} {z}|{n} AVE L {c} {s} {z}|{n} 4th Ave. S.W., {c}, {s} {z}|{n} Boulevard of the Allies, {c}, {s} {z}|{n} Rue Royale, {c}, {s} {z}
{n} Via del Sol, {c}, {s} {z}|{n} Camino de la Reina, {c}, {s} {z}|{n} Paseo Grande, {c}, {s} {z}|{n} El Dorado Pkwy, {c}, {s} {z}|{n} Los Olivos Way {c} {s} {z}|{n} La Cienega, {c}, {s} {z}|{n} Las Brisas Ct, {c} {s} {z}
{n} The Crossway, {c}, {s} {z}|{n} Kings Hwy., {c}, {s} {z}|{n} Kings Highway {c} {s} {z}|{n} Park Place, {c}, {s} {z}|{n} Lake Shore Dr {c} {s} {z}|{n} Forest Park Ave {c} {s} {z}|{n} Mill Creek Crossing, {c}, {s} {z}
{n} Trails End Rd, {c}, {s} {z}|{n} Circle Dr {c} {s} {z}|{n} Terrace Ave, {c} {s} {z}|{n} Plaza Way, {c}, {s} {z}|{n} Ridge, {c}, {s} {z}|{n} Greenbriar, {c}, {s} {z}|{n} Sunnyside, Apt 3, {c}, {s} {z}
{n} Main, {c}, {s} {z}|{n} N Main, {c}, {s} {z}|{n} Lewis and Clark Trl, {c}, {s} {z}|{n} Texas Ave, {c}, {s} {z}|{n} Virginia Beach Blvd, {c}, {s} {z}|{n} North Carolina St, {c}, {s} {z}|{n} Chicago Rd {c} {s} {z}
PO Box {n}, {c}, {s} {z}-{n}|P.O.Box {n}, {c}, {s} {z}|P.O. BOX {n} {c} {s} {z}|PO BOX{n}, {c} {s} {z}|P. O. Box {n}, {c}, {s} {z}|PO Box No. {n}, {c}, {s} {z}|PO Drawer {n}, {c}, {s} {z}|po box {n}\\n{c} {s} {z}
RR1 Box {m}, {c}, {s} {z}|RR # 3 Box {m}, {c}, {s} {z}|RR 3, Box {m}, {c} {s} {z}|Rt. 1, Box {m}B, {c}, {s} {z}|Rte 5 Box {m}, {c}, {s} {z}|HCR 61 Box {m}, {c}, {s} {z}|Star Route 2 Box {m}, {c}, {s} {z}
{n} Elm St\\nP.O. Box {m}\\n{c}, {s} {z}|{n} Elm St, PO Box {m}, {c}, {s} {z}|{n} Elm St PO Box {m} {c} {s} {z}|P.O. Box {m}, {n} Elm St, {c}, {s} {z}|{n} Elm St PMB {m} {c} {s} {z}|{n} Elm St #PMB{m}, {c}, {s} {z}
C/O Jane Roe, {n} Elm St, {c}, {s} {z}|% Jane Roe, {n} Elm St, {c}, {s} {z}|Attn: Records Dept, {n} Elm St, {c}, {s} {z}|Jane Roe c/o John Roe, {n} Elm St, {c}, {s} {z}|Mr. & Mrs. Roe\\n{n} Elm St\\n{c} {s} {z}
The Roe Family, {n} Elm St, Apt 2, {c}, {s}, {z}, US|{n} Elm St, {c}, {s}, {z}, United States of America|{n} Elm St, {c}, {s}, USA {z}|{n} Elm St, {c}, {s}, {z} (USA)
"{n} Elm St, {c}, {s} {z}"|{n} Elm St.,{c},{s}.{z}|{n} Elm St , , {c} , {s} {z}|{n},Elm St,{c},{s},{z}|{n} elm st...
Address: {n} Elm St, {c}, {s} {z}|Mailing Address: {n} Elm St, {c}, {s} {z}|{n} Elm St, Oak Grove Apartments, {c}, {s} {z}|Oak Grove Apartments, {n} Elm St Apt 9, {c}, {s} {z}|Oak Grove Mobile Home Park, {n} Elm St Lot 9, {c}, {s} {z}
County Detention Center, {n} Elm St, {c}, {s} {z}|{n} Elm St, {c} ({s}) {z}|{n} Elm St\\r\\n{c}\\r\\n{s}\\r\\n{z}|{n}\\tElm St\\t{c}\\t{s}\\t{z}|{n} Elm St {c} {s}. {z}|{n} Elm Str., {c} {s} {z}|{n} Elm Strt {c} {s} {z}
No. {n} Elm St, {c}, {s} {z}|#{n} Elm St, {c}, {s} {z}|{n} Elm St-Apt 5, {c}, {s} {z}|{n} Elm St/Apt 5, {c}, {s} {z}|{n} Elm St Apt. 5-C {c} {s} {z}|{n} Elm St Apt 5 C, {c}, {s} {z}|{n} Elm St Ste. 5, {c}, {s}-{z}""".replace(
    "\n", "|"
).split("|")
TRUE = [t for t in TRUE if t != "{n} elm st..."] + [
    "{n} Elm St | {c} | {s} | {z}",
    "{n} elm ave, #3, {c}, {s} {z}",
    "{n} Elm St. N., {c}, {s} {z}",
] * 2
WHOLE = (
    """NNNN Calle Ocho, Miami, Florida 33135|Carr. 335 Km 1.2, Guánica, PR 00653|Urb Santa Rita, 1003 Calle Madrid, San Juan PR 00925|Res. Llorens Torres Edif 5 Apt 100, 2000 Calle Loiza, San Juan PR 00913|Parcelas Falu 212 Calle 40, San Juan, PR 00924
PSC 1005 BOX 22 FPO AE 09593|OMC UNIT 4055 BOX 7, DPO AA 34020|Unit 45013 Box 2666, APO AP 96338|CMR 467, Box 3021, APO, AE 09096|4200 Estate Charlotte Amalie, St. Thomas, VI 00802|PO Box 7 Hagatna GU 96932|12 Chalan Pale Arnold, Saipan MP 96950
S75W17461 Janesville Rd, Muskego, WI 53150|1N234 Main St, Glen Ellyn, IL 60137|N2340 County Road A, Waupaca WI 54981|1234 W 4700 S, Taylorsville, UT 84129|94-849 Lumiaina St #101, Waipahu, HI 96797|104-20 Queens Blvd Apt 7C, Forest Hills, NY 11375
221B Baker Street, London NW1 6XE, England|Calle Bolívar 45, Colonia Centro, 44100 Guadalajara, Jalisco, Mexico|Apartado Postal 45, San Pedro Sula, Honduras|1455 Boulevard De Maisonneuve, Montreal QC H3G 1M8, Canada|Unter den Linden 77, 10117 Berlin, Deutschland|3 Chome-1-1 Marunouchi, Chiyoda, Tokyo 100-0005, Japan
88 Nathan Road, Kowloon, Hong Kong|Av. Paulista 1578, Bela Vista, São Paulo - SP, 01310-200, Brasil|Zona 10, 5a Avenida 12-34, Ciudad de Guatemala, Guatemala|Barrio Lourdes, 4a Calle Pte 1220, Santa Ana, El Salvador|Km 14 Carretera Norte, Managua, Nicaragua|14 Marina Blvd, Lagos, Nigeria""".replace(
        "\n", "|"
    )
    .replace("NNNN", "1450")
    .split("|")
)
FALSE = """address unknown at this time, {c} {s} {z}|Unk {c} {s} {z}|u/k, {c}, {s} {z}|FTP {c} {s} {z}|{c}, {s}, {z}, USA|{c} {c} {s} {z}|{z} {c} {s}|{n}|{n} {z}|{n} {c} {z}|{n} {s} {z}|{n}, {n}, {c}, {s} {z}|Apt {n}, {c} {s} {z}|Room 4, {c}, {s} {z}
street {n}, {c} {s} {z}|{n} street, {c} {s} {z}|{n} Rd {c} {s} {z}|{n} N. {c}, {s} {z}|{n} Apt 4, {c}, {s} {z}|{n} Unit B {c} {s} {z}|{n} PO, {c}, {s} {z}|Box, {c}, {s} {z}|PO Box A, {c}, {s} {z}|P.O. Box #, {c}, {s} {z}|HC Box {n}, {c} {s} {z}
{n} Main St, {c}, {s}, Z|{n} Main St, {c}, {s} {n}|{n} Main St, {c}, {z}|{n} Main St, , {s} {z}|{n} Main St {s} {z}|{n} Main St, N/A, {s} {z}|{n} Main St, {c}, N/A, {z}|{n} N/A, {c}, {s} {z}|N/A Main St, {c}, {s} {z}|{n} Main St, city, {s} {z}|{n} Main St, {c}, state {z}
[number] Main St, {c}, {s} {z}|{n} [street], {c}, {s} {z}|<unknown>, {c}, {s} {z}|?, {c}, {s} {z}|{n} Main St, ?, {s} {z}|{n} ? St, {c}, {s} {z}|#### Main St, {c}, {s} {z}|{n} Main St, {c}, {s} #####|{n} #### St, {c}, {s} {z}
staying with cousin, {c}, {s} {z}|no tiene direccion, {c} {s} {z}|vive en la calle, {c}, {s} {z}|calle desconocida, {c}, {s} {z}|hotel near airport, {c}, {s} {z}|airport, {c} {s} {z}|ranch off Hwy 9, {c}, {s} {z}|off Route 5, {c}, {s} {z}|Hwy 90, {c}, {s} {z}|County Road 12, {c}, {s} {z}|I-10 exit {m}, {c}, {s} {z}
Exit {m} off I-10, {c}, {s} {z}|Lat 31.7 Long -106.4, {c}, {s} {z}|31.7619, -106.4850, {c}, {s} {z}|call 555-0100, {c}, {s} {z}|+1 915 555 0100 {c} {s} {z}|9155550100 Main St, {c}, {s} {z}|A{n}{n}{n} {c} {s} {z}|A 012 345 678, {c}, {s} {z}|Inmate {n}, {c} {s} {z}|Reg. No. {n}-079, {c}, {s} {z}
{c} Detention Facility, {c}, {s} {z}|{c} Processing Center, {c} {s} {z}|Sheriff's Office, {c}, {s} {z}|U.S. Marshals, {c}, {s} {z}|Catholic Charities, {c}, {s} {z}|c/o Catholic Charities, {c}, {s} {z}|c/o Jane Roe, {c}, {s} {z}|c/o sponsor, {c}, {s} {z}|Attn: ERO, {c}, {s} {z}|First Baptist Church, {c}, {s} {z}
Main & 1st, {c}, {s} {z}|{n} Main @ 5th, {c}, {s} {z}|{n} Main/5th, {c}, {s} {z}|Main St at Oak Ave, {c}, {s} {z}|1st St and 2nd Ave, {c}, {s} {z}|{n} 1st and 2nd, {c}, {s} {z}|NE corner of Main and Oak, {c}, {s} {z}|3 miles west on Hwy 9, {c}, {s} {z}|5 minutes from downtown, {c}, {s} {z}|30 feet behind the store, {c} {s} {z}
{n} Main St, {c}, {s} {z}; {m} Oak Ave, {c}, {s} {z}|previously at {n} Main St, {c}, {s} {z}|{n} Main St (old), {c}, {s} {z}|{n} Main St (no longer lives there), {c}, {s} {z}|{n} Main St, wrong address, {c}, {s} {z}|maybe {n} Main St, {c}, {s} {z}|{n} or {m} Main St, {c}, {s} {z}|returned mail - {n} Main St, {c}, {s} {z}|{n} Main St, evicted, {c}, {s} {z}
lorem ipsum dolor|{n} {n} {n} {n}|{c} High School, {c}, {s} {z}|2022-03-04, {c}, {s} {z}|March 4, {c}, {s} {z}|4 March, {c}, {s} {z}|$500, {c}, {s} {z}|100%, {c}, {s} {z}|{n} people, {c}, {s} {z}|{n} days, {c} {s} {z}|age 34, {c}, {s} {z}|DOC-{n}, {c}, {s} {z}|General Delivery {c} {s} {z}|Gen. Del., {c}, {s} {z}""".replace(
    "\n", "|"
).split("|")


def main() -> None:
    rng = random.Random(77)
    rows: list[dict[str, object]] = []

    def add(true: bool, template: str) -> None:
        city, state, code = rng.choice(PLACES)
        text = template.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
        text = text.format(n=rng.randrange(1001, 9998), m=rng.randrange(11, 98), c=city, s=state, z=code)
        rows.append({"text": text, "address": true, "kind": "hold-out"})

    for template in TRUE * 2:
        add(True, template)
    for text in WHOLE:
        rows.append({"text": text, "address": True, "kind": "hold-out"})
    for template in FALSE * 2:
        add(False, template)
    target = Path(__file__).with_name("holdout.jsonl")
    target.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(
        json.dumps(
            {"true": sum(bool(r["address"]) for r in rows), "false": sum(not r["address"] for r in rows)}
        )
    )


if __name__ == "__main__":
    main()
