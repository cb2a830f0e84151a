"""The countries an address can lie in, by English name or ISO 3166-1 code; says nothing about any person."""

from __future__ import annotations

from functools import lru_cache

from lawgate.identity.fold import CACHED, line_words, words

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
US United States;US USA;US United States of America;US Estados Unidos;US Estados Unidos de America;US EEUU;US EE UU;US E U A;US EUA;US America;
MX Estados Unidos Mexicanos;MX Mejico;MX Mexique;BR Brasil;ES Espana;DE Deutschland;AT Osterreich;CH Schweiz;CH Suisse;IT Italia;
PE Republica del Peru;DO Republica Dominicana;DO Dominican Rep;HT Ayiti;CI Cote d Ivoire;CI Cote dIvoire;CD DR Congo;CD DRC;CD Congo Kinshasa;CG Republic of the Congo;CG Congo Brazzaville;
GB U K;KR Republic of Korea;KR S Korea;CN Peoples Republic of China;CN PR China;CN PRC;RU Russian Federation;VN Vietnam;LA Lao PDR;GM The Gambia;BS The Bahamas;
NL The Netherlands;NL Holland;PH The Philippines;PH Pilipinas;SV Salvador;CZ Ceska Republika;PL Polska;SE Sverige;NO Norge;DK Danmark;FI Suomi;BE Belgie;BE Belgique;
JP Nippon;MK Macedonia;BA Bosnia;TT Trinidad;AG Antigua;VC Saint Vincent;VC St Vincent;LC St Lucia;KN St Kitts and Nevis;KN St Kitts;SZ Swaziland;CV Cabo Verde;MD Republic of Moldova;
TZ United Republic of Tanzania;VE Republica Bolivariana de Venezuela;BO Estado Plurinacional de Bolivia;CM Cameroun;TD Tchad;GN Guinee;SN Republique du Senegal;MA Maroc;DZ Algerie;TN Tunisie;
EG Misr;SA KSA;AE UAE;HK Hong Kong SAR;MO Macao;PF French Polynesia;GP Guadeloupe;MQ Martinique;GF French Guiana;GL Greenland;RE Reunion;AI Anguilla;MS Montserrat;SX Sint Maarten"""

_CODES = {
    key: entry.strip()[:2]
    for entry in _TABLE.split(";")
    for key in (entry.strip()[:2], " ".join(words(entry.strip()[3:])))
}
_IN_FULL = {name: code for name, code in _CODES.items() if len(name) > 2 or name == "UK"}
LONGEST_NAME = 6
"""Words in the longest name of a country that is looked for at the end of a line."""


@lru_cache(CACHED)
def country_code(text: str) -> str:
    """Return the two-letter code; ``US`` where no country is stated, empty where the words name none."""
    found = line_words(text)
    if not found:
        return "US"
    return _CODES.get(" ".join(found)) or _CODES.get("".join(found), "")


def country_of_words(joined: str) -> str:
    """Return the code for a country's name in folded words, or empty; two-letter codes are states first, and not taken here."""
    return _IN_FULL.get(joined, "")
