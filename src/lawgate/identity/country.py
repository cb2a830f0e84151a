"""The countries an address can lie in, by English name or ISO 3166-1 code; says nothing about any person."""

from __future__ import annotations

from lawgate.identity.fold import words

_TABLE = """AF Afghanistan;AL Albania;DZ Algeria;AD Andorra;AO Angola;AG Antigua and Barbuda;AR Argentina;AM Armenia;
AW Aruba;AU Australia;AT Austria;AZ Azerbaijan;BS Bahamas;BH Bahrain;BD Bangladesh;BB Barbados;BY Belarus;BE Belgium;BZ Belize;BJ Benin;
BM Bermuda;BT Bhutan;BO Bolivia;BA Bosnia and Herzegovina;BW Botswana;BR Brazil;BN Brunei;BG Bulgaria;BF Burkina Faso;BI Burundi;KH Cambodia;
CM Cameroon;CA Canada;CV Cape Verde;KY Cayman Islands;CF Central African Republic;TD Chad;CL Chile;CN China;CO Colombia;KM Comoros;CG Congo;
CD Democratic Republic of the Congo;CR Costa Rica;CI Ivory Coast;HR Croatia;CU Cuba;CW Curacao;CY Cyprus;CZ Czech Republic;CZ Czechia;DK Denmark;DJ Djibouti;
DM Dominica;DO Dominican Republic;EC Ecuador;EG Egypt;SV El Salvador;GQ Equatorial Guinea;ER Eritrea;EE Estonia;SZ Eswatini;ET Ethiopia;
FJ Fiji;FI Finland;FR France;GA Gabon;GM Gambia;GE Republic of Georgia;DE Germany;GH Ghana;GI Gibraltar;GR Greece;GD Grenada;GT Guatemala;
GN Guinea;GW Guinea Bissau;GY Guyana;HT Haiti;HN Honduras;HK Hong Kong;HU Hungary;IS Iceland;IN India;ID Indonesia;IR Iran;IQ Iraq;IE Ireland;
IL Israel;IT Italy;JM Jamaica;JP Japan;JO Jordan;KZ Kazakhstan;KE Kenya;KI Kiribati;KP North Korea;KR South Korea;KR Korea;XK Kosovo;KW Kuwait;
KG Kyrgyzstan;LA Laos;LV Latvia;LB Lebanon;LS Lesotho;LR Liberia;LY Libya;LI Liechtenstein;LT Lithuania;LU Luxembourg;MO Macau;MG Madagascar;
MW Malawi;MY Malaysia;MV Maldives;ML Mali;MT Malta;MR Mauritania;MU Mauritius;MX Mexico;MD Moldova;MC Monaco;MN Mongolia;ME Montenegro;MA Morocco;
MZ Mozambique;MM Myanmar;MM Burma;NA Namibia;NR Nauru;NP Nepal;NL Netherlands;NZ New Zealand;NI Nicaragua;NE Niger;NG Nigeria;MK North Macedonia;
NO Norway;OM Oman;PK Pakistan;PS Palestine;PA Panama;PG Papua New Guinea;PY Paraguay;PE Peru;PH Philippines;PL Poland;PT Portugal;QA Qatar;RO Romania;
RU Russia;RW Rwanda;KN Saint Kitts and Nevis;LC Saint Lucia;VC Saint Vincent and the Grenadines;WS Samoa;SM San Marino;ST Sao Tome and Principe;
SA Saudi Arabia;SN Senegal;RS Serbia;SC Seychelles;SL Sierra Leone;SG Singapore;SK Slovakia;SI Slovenia;SB Solomon Islands;SO Somalia;ZA South Africa;
SS South Sudan;ES Spain;LK Sri Lanka;SD Sudan;SR Suriname;SE Sweden;CH Switzerland;SY Syria;TW Taiwan;TJ Tajikistan;TZ Tanzania;TH Thailand;
TL East Timor;TL Timor Leste;TG Togo;TO Tonga;TT Trinidad and Tobago;TN Tunisia;TR Turkey;TR Turkiye;TM Turkmenistan;TC Turks and Caicos Islands;TV Tuvalu;UG Uganda;
UA Ukraine;AE United Arab Emirates;GB United Kingdom;GB UK;GB Great Britain;GB England;GB Scotland;GB Wales;GB Northern Ireland;UY Uruguay;
UZ Uzbekistan;VU Vanuatu;VA Vatican City;VE Venezuela;VN Vietnam;VN Viet Nam;VG British Virgin Islands;YE Yemen;ZM Zambia;ZW Zimbabwe;
US United States;US USA;US United States of America"""

_CODES = {
    key: entry.strip()[:2]
    for entry in _TABLE.split(";")
    for key in (entry.strip()[:2], " ".join(words(entry.strip()[3:])))
}


def country_code(text: str) -> str:
    """Return the two-letter code; ``US`` where no country is stated, empty where the words name none."""
    found = words(text)
    if not found:
        return "US"
    return _CODES.get(" ".join(found)) or _CODES.get("".join(found), "")
