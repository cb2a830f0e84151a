"""Makes the shipped world again, byte for byte: records, requests and truth from pseudopeople's bundled sample population.

``make world`` runs this in an environment of its own (``requirements/world.txt``); nothing else in the project needs what is installed
there. What is taken, changed and left out stands in ``docs/adr/0013-the-world.md``. Usage: python tools/make_world.py FOLDER
"""

from __future__ import annotations

import hashlib
import re
import sys
import tempfile
import warnings
from pathlib import Path

import pandas as pd
import pseudopeople as pp
import pyarrow as pa
import pyarrow.parquet as pq
import zipcodes
from pseudopeople.constants import paths

MASTER_SEED, REQUEST_SEED = 1, 2
EARLIER = 4  # years by which everything happens earlier than in the sample: no request may ask for a period to come. Leap years stay leap years.
TAX_YEARS = range(2016, 2026)
SURVEY_YEARS = range(2021, 2027)
CENSUS_YEAR = 2026
HELD_OUT = 5  # one simulant in so many is on no record, whatever they filed
DATA_VERSION = "1.4.2"  # of the sample population, as pseudopeople 1.3.1 wants to see it named

MAILING = "mailing_address_"
ADDRESS = {"street_number": "number", "street_name": "street", "unit_number": "unit", "po_box": "box", "city": "city", "state": "state", "zipcode": "zip"}  # fmt: skip
NAME = {"first_name": "given", "middle_initial": "middle", "last_name": "surname"}
RECORD_COLUMNS = (
    "record_id", "given", "middle", "surname", "suffix", "birth_date", "taxpayer_number", "number", "street", "unit", "box",
    "city", "state", "zip", "country", "tax_year", "source", "form", "bars",
)  # fmt: skip
REQUEST_COLUMNS = (
    "request_key", "given", "middle", "surname", "birth_date", "number", "street", "unit", "city", "state", "zip",
)  # fmt: skip
TRUTH_COLUMNS = ("request_key", "record_id", "with_members", "dataset")
FORMS = {"W2": "W-2", "1099": "1099"}


def digest(*parts: object) -> int:
    """A number that depends on these words and on nothing else: seeded choice without a generator's state."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:8], "big")


# -- places: the sample knows one city and the ZIP 00000 ------------------------------------------------------------------


def washington() -> list[tuple[str, str]]:
    """Every (city, ZIP) of Washington State in which mail is delivered to streets, in ZIP order."""
    found = {
        (entry["city"].title(), entry["zip_code"])
        for entry in zipcodes.filter_by(state="WA", zip_code_type="STANDARD", active=True)
    }
    return sorted(found, key=lambda pair: pair[1])


def place_streets(data: pd.DataFrame, prefix: str, places: list[tuple[str, str]]) -> None:
    """Give every street (a box: its number) one city and ZIP, before any noise is made."""
    lines = data[f"{prefix}street_name"].astype(object)
    if f"{prefix}po_box" in data:
        lines = lines.where(lines.notna() & (lines != ""), "box " + data[f"{prefix}po_box"].astype(str))
    lines = lines.astype(str)
    chosen = {line: places[digest("place", line) % len(places)] for line in lines.unique()}
    data[f"{prefix}city"] = lines.map(lambda line: chosen[line][0])
    data[f"{prefix}zipcode"] = lines.map(lambda line: chosen[line][1])


def move_years(data: pd.DataFrame) -> None:
    """Let everything happen four years earlier: returns, surveys, births."""
    for column in data.columns:
        if re.fullmatch("(spouse_)?(tax_)?year", column):
            data[column] = data[column] - EARLIER
        elif re.fullmatch("(spouse_)?(copy_)?date_of_birth|survey_date|event_date", column):
            data[column] = pd.to_datetime(data[column]) - pd.DateOffset(years=EARLIER)


def placed_sample(folder: Path) -> None:
    """Write the sample population again with places and other years in it, so that pseudopeople's own noise falls on them too."""
    places = washington()
    (folder / "CHANGELOG.rst").write_text(f"**{DATA_VERSION} - the sample with places**\n", encoding="utf-8")
    for source in sorted(paths.SAMPLE_DATA_ROOT.glob("*/*.parquet")):
        data = pq.read_table(source).to_pandas().reset_index(drop=True)
        for prefix in ("", MAILING):
            if f"{prefix}street_name" in data:
                place_streets(data, prefix, places)
        move_years(data)
        target = folder / source.parent.name / source.name
        target.parent.mkdir()
        data.to_parquet(target)


# -- the master: who filed, or was reported, from where, for which year ---------------------------------------------------


def rows_of(data: pd.DataFrame, prefix: str = "", person: str = "", who: str = "simulant_id") -> pd.DataFrame:
    """Take name, number and address of one person of each row, under our names."""
    columns = {who: "simulant", **{person + theirs: ours for theirs, ours in NAME.items()}}
    columns |= {prefix + theirs: ours for theirs, ours in ADDRESS.items() if prefix + theirs in data}
    columns |= {theirs: ours for theirs, ours in {f"{person}ssn": "taxpayer_number", "tax_year": "tax_year"}.items() if theirs in data}  # fmt: skip
    return data[list(columns)].rename(columns=columns)


def returns(source: Path) -> pd.DataFrame:
    """Every 1040 of the years, once for each of the people who filed it, and every W-2 and 1099 about somebody."""
    filed = pp.generate_taxes_1040(source=source, seed=MASTER_SEED, year=None)
    filed = filed[filed["tax_year"].isin(TAX_YEARS)]
    # The data set names the spouse of a joint return without an id; the sample knows it.
    sample = pq.read_table(
        source / "taxes_1040", columns=["simulant_id", "tax_year", "spouse_simulant_id"]
    ).to_pandas()
    joint = filed.merge(sample.dropna(), on=["simulant_id", "tax_year"], validate="one_to_one")
    joint = joint[joint["spouse_last_name"].notna()]
    reported = pp.generate_taxes_w2_and_1099(source=source, seed=MASTER_SEED, year=None)
    reported = reported[reported["tax_year"].isin(TAX_YEARS)]
    return pd.concat(
        [
            rows_of(filed, MAILING).assign(source="taxpayer", form="1040"),
            rows_of(joint, MAILING, "spouse_", "spouse_simulant_id").assign(source="taxpayer", form="1040"),
            rows_of(reported, MAILING).assign(
                source="third-party", form=reported["tax_form"].astype(str).map(FORMS)
            ),
        ]
    )


def on_record(simulant: str) -> bool:
    return digest("held out", simulant) % HELD_OUT != 0


def master(source: Path) -> pd.DataFrame:
    data = returns(source)
    data = data[data["simulant"].map(on_record)]
    order = sorted(data["simulant"].unique(), key=lambda simulant: digest("record", simulant))
    ids = {simulant: f"W{number:05d}" for number, simulant in enumerate(order, 1)}
    data["record_id"] = data["simulant"].map(ids)
    data["tax_year"] = data["tax_year"].astype(int)
    data = data.assign(suffix="", birth_date="", bars="", country="US")
    text = as_text(data, [c for c in RECORD_COLUMNS if c != "tax_year"])
    return text.drop_duplicates(list(RECORD_COLUMNS)).sort_values(list(RECORD_COLUMNS), kind="stable")


# -- the requests: the same people as other offices know them, with noise of its own --------------------------------------


def requests(source: Path) -> pd.DataFrame:
    census = pp.generate_decennial_census(source=source, seed=REQUEST_SEED, year=None)
    parts = [census[census["year"] == CENSUS_YEAR].assign(dataset="census")]
    for name, make in (
        ("acs", pp.generate_american_community_survey),
        ("cps", pp.generate_current_population_survey),
    ):
        data = make(source=source, seed=REQUEST_SEED, year=None)
        parts.append(data[data["survey_date"].dt.year.isin(SURVEY_YEARS)].assign(dataset=name))
    wic = pp.generate_women_infants_and_children(source=source, seed=REQUEST_SEED, year=None)
    parts.append(wic[wic["year"].isin(SURVEY_YEARS)].assign(dataset="wic"))
    # Sex and race stand in these data sets; they are left behind here and nowhere shipped.
    kept = ["household_id", "date_of_birth", "dataset"]
    data = pd.concat([pd.concat([rows_of(part), part[kept]], axis=1) for part in parts], ignore_index=True)
    data["birth_date"] = data["date_of_birth"].map(written_date)
    data["turn"] = [
        digest("request", *row) for row in zip(data["dataset"], data["simulant"], data.index, strict=True)
    ]
    data = data.sort_values("turn").reset_index(drop=True)
    data["request_key"] = [f"Q{number:05d}" for number in range(1, len(data) + 1)]
    return data


def written_date(stated: object) -> str:
    """Write a date as the gateway's lines do; what noise has made of it otherwise stays as it is."""
    if not isinstance(stated, str):
        return ""
    found = re.fullmatch(r"(\d\d)/?(\d\d)/?(\d{4})", stated)
    return f"{found[3]}-{found[1]}-{found[2]}" if found else stated


def truths(asked: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    ids = dict(zip(records["simulant"], records["record_id"], strict=True))
    record = asked["simulant"].map(ids)
    homes = set(asked["household_id"][record.notna()])
    with_members = record.isna() & asked["household_id"].isin(homes)
    return as_text(
        asked.assign(record_id=record, with_members=with_members.map({True: "yes", False: ""})), TRUTH_COLUMNS
    )


# -- files ---------------------------------------------------------------------------------------------------------------


def as_text(data: pd.DataFrame, columns: object) -> pd.DataFrame:
    out = data.copy()
    for column in list(columns):
        values = out[column].astype(object)
        out[column] = values.where(values.notna(), "").astype(str)
    return out


def write(path: Path, data: pd.DataFrame, columns: tuple[str, ...]) -> None:
    fields = {c: pa.array(data[c].tolist(), pa.int16() if c == "tax_year" else pa.string()) for c in columns}
    table = pa.table(fields)
    pq.write_table(table, path, compression="zstd", compression_level=19, use_dictionary=True, write_statistics=False, store_schema=False, row_group_size=1 << 20)  # fmt: skip


def main(folder: Path) -> None:
    warnings.filterwarnings("ignore")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch)
        placed_sample(source)
        records = master(source)
        asked = requests(source)
    write(folder / "records.parquet", records, RECORD_COLUMNS)
    write(folder / "requests.parquet", as_text(asked, REQUEST_COLUMNS), REQUEST_COLUMNS)
    write(folder / "truth.parquet", truths(asked, records), TRUTH_COLUMNS)
    names = ("records.parquet", "requests.parquet", "truth.parquet")
    sums = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(sums, end="", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
