"""Splink 5 on DuckDB, tuned: EM, nickname and shared-surname levels, term frequencies, best record and margin. Prints JSON.

Usage: python splink_duckdb.py records.parquet requests.parquet nicknames.json MEMORY usual|own-keys ...

``usual`` blocks as a competent user would; ``own-keys`` on the address keys this project's engine has. The model is trained once for all that
are named: how pairs are found has no part in it. What DuckDB holds beyond MEMORY (``8GB``) it puts on the disk, beside the records.
"""

from __future__ import annotations

import json
import logging
import math
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

logging.disable(logging.WARNING)

COLUMNS = "given, middle, surname, suffix, number, street, unit, box, city, state, zip"
KEYS = {
    "usual": [
        block_on("number", "street", "zip3"),
        block_on("zip", "surname"),
        block_on("given", "surname", "state"),
        block_on("box", "zip"),
    ],
    "own-keys": [
        block_on("number", "street", "zip"),
        block_on("number", "street", "city", "state"),
        block_on("box", "zip"),
        block_on("box", "city", "state"),
    ],
}


def custom(label: str, sql: str) -> cll.CustomLevel:
    return cll.CustomLevel(sql, label_for_charts=label)


def comparisons() -> list[cl.CustomComparison]:
    line = "number_l = number_r and street_l = street_r"
    return [
        cl.CustomComparison(output_column_name="given", comparison_levels=[
            cll.NullLevel("given"),
            cll.ExactMatchLevel("given", term_frequency_adjustments=True),
            custom("nickname", "list_contains(short_l, given_r) or list_contains(short_r, given_l)"),
            cll.JaroWinklerLevel("given", 0.92),
            cll.JaroWinklerLevel("given", 0.82),
            custom("initial", "length(given_l) = 1 and given_l = substr(given_r, 1, 1) or length(given_r) = 1 and given_r = substr(given_l, 1, 1)"),
            cll.ElseLevel(),
        ]),
        cl.CustomComparison(output_column_name="surname", comparison_levels=[
            cll.NullLevel("surname"),
            cll.ExactMatchLevel("surname", term_frequency_adjustments=True),
            custom("shared part", "list_has_any(parts_l, parts_r)"),
            cll.JaroWinklerLevel("surname", 0.92),
            cll.JaroWinklerLevel("surname", 0.84),
            cll.ElseLevel(),
        ]),
        cl.CustomComparison(output_column_name="middle", comparison_levels=[
            cll.NullLevel("middle"), custom("initial", "substr(middle_l, 1, 1) = substr(middle_r, 1, 1)"), cll.ElseLevel(),
        ]),
        cl.CustomComparison(output_column_name="suffix", comparison_levels=[cll.NullLevel("suffix"), cll.ExactMatchLevel("suffix"), cll.ElseLevel()]),
        cl.CustomComparison(output_column_name="line", comparison_levels=[
            custom("no line", "street_l is null and box_l is null or street_r is null and box_r is null"),
            custom("exact with unit", f"({line} and unit_l = unit_r) or box_l = box_r"),
            custom("exact without units", f"{line} and unit_l is null and unit_r is null"),
            custom("unit on one side", f"{line} and (unit_l is null or unit_r is null)"),
            custom("units differ", line),
            custom("number and like street", "number_l = number_r and jaro_winkler_similarity(street_l, street_r) >= 0.9"),
            custom("street only", "street_l = street_r"),
            cll.ElseLevel(),
        ]),
        cl.CustomComparison(output_column_name="place", comparison_levels=[
            custom("none", "zip_l is null and city_l is null or zip_r is null and city_r is null"),
            custom("zip", "zip_l = zip_r"), custom("city", "city_l = city_r and state_l = state_r"), custom("zip3", "zip3_l = zip3_r"),
            custom("state", "state_l = state_r"), cll.ElseLevel(),
        ]),
    ]  # fmt: skip


def load(db: duckdb.DuckDBPyConnection, name: str, path: str, ids: str) -> None:
    blank = ", ".join(f"nullif({c}, '') {c}" for c in COLUMNS.split(", "))
    db.execute(
        f"create table {name} as select {ids}, {blank}, substr(nullif(zip, ''), 1, 3) zip3, string_split(surname, ' ') parts,"
        f" coalesce(n.short, []) short from read_parquet('{path}') p left join nicknames n on p.given = n.name"
    )


def main(records: str, requests: str, nicknames: str, memory: str, *blockings: str) -> None:
    db = duckdb.connect()
    db.execute(f"set memory_limit = '{memory}'")
    db.execute(f"set temp_directory = '{Path(records).parent / 'spilt'}'")
    db.execute("create table nicknames (name varchar, short varchar[])")
    with open(nicknames, encoding="utf-8") as file:
        db.executemany("insert into nicknames values (?, ?)", list(json.load(file).items()))
    load(db, "known", records, "'r' || row unique_id, record_id, '' truth")
    load(db, "asked", requests, "'q' || row unique_id, '' record_id, truth")
    start, busy = time.perf_counter(), time.process_time()
    api = DuckDBAPI(connection=db)
    tables = [api.register(name, dataset_display_name=name) for name in ("asked", "known")]
    settings = SettingsCreator(
        link_type="link_only", comparisons=comparisons(), blocking_rules_to_generate_predictions=KEYS[blockings[0]],
        retain_matching_columns=False, retain_intermediate_calculation_columns=False, additional_columns_to_retain=["record_id", "truth"],
    )  # fmt: skip
    linker = Linker(tables, settings)
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [block_on("given", "surname", "number", "street", "zip")], recall=0.6
    )
    train.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (("given", "surname"), ("number", "street", "zip"), ("surname", "zip")):
        train.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    trained = {
        "train_seconds": round(time.perf_counter() - start, 2),
        "train_processor_seconds": round(time.process_time() - busy, 2),
    }
    print("trained", trained, file=sys.stderr, flush=True)
    model = linker.misc.save_model_to_json()
    found = {}
    for which in blockings:
        rules = [rule.create_blocking_rule_dict("duckdb") for rule in KEYS[which]]
        found[which] = predicted(
            db, Linker(tables, {**model, "blocking_rules_to_generate_predictions": rules})
        )
        print(which, found[which], file=sys.stderr, flush=True)
    print(json.dumps({**trained, **found, "peak_memory_mb": peak_mb()}))


def predicted(db: duckdb.DuckDBPyConnection, linker: Linker) -> dict[str, object]:
    begun, busy = time.perf_counter(), time.process_time()
    pairs = linker.inference.predict(threshold_match_weight=-5)
    db.execute(
        "create or replace table best as select row_id, truth, max_by(record, weight) record, max(weight) weight,"
        " coalesce(max(weight, 2)[2], -99) runner_up from ("
        f" select unique_id_l row_id, any_value(truth_l) truth, record_id_r record, max(match_weight) weight from {pairs.physical_name} group by unique_id_l, record_id_r"
        ") group by row_id, truth"
    )
    seconds, worked = time.perf_counter() - begun, time.process_time() - busy
    counted = db.execute(f"select count(*) from {pairs.physical_name}").fetchall()[0][0]
    pairs.drop_table_from_database_and_remove_from_cache(force_non_splink_table=True)
    members = db.execute("select count(*) from asked where truth <> ''").fetchall()[0][0]
    rows = db.execute(
        "select weight, weight - runner_up margin, truth = record good, truth <> '' member from best order by weight desc"
    ).fetchall()
    return {
        "seconds": round(seconds, 3), "processor_seconds": round(worked, 3), "pairs": counted, "members": members,
        **curves(rows, members), "peak_memory_mb_until_then": peak_mb(),
    }  # fmt: skip


def peak_mb() -> int:
    """Return the most memory this process ever had (the usual call also counts its parent's)."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) // 1024


def curves(rows: list[tuple[float, float, bool, bool]], members: int) -> dict[str, object]:
    """Sweep the threshold, with and without a margin: most right answers at each number of wrong persons, best F1, and p >= 0.95."""
    shares = [n / 100 for n in range(5, 100, 5)]
    least: dict[float, int] = {}
    at_most = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000)
    best: dict[int, int] = dict.fromkeys(at_most, 0)
    f1 = 0.0
    for margin in (0.0, 2.0, 5.0, 10.0):
        right = wrong = 0
        for good in (r[2] for r in rows if r[1] >= margin):
            right, wrong = right + good, wrong + (not good)
            for limit in at_most:
                if wrong <= limit:
                    best[limit] = max(best[limit], right)
            if good:
                for share in shares:
                    if right == math.ceil(share * members):
                        least[share] = min(wrong, least.get(share, wrong))
            f1 = max(f1, 2 * right / (right + wrong + members))
    usual = [r for r in rows if r[0] >= 4.248]  # odds of p = 0.95
    return {
        "best_f1": round(f1, 4),
        "right_at_most_wrong": {str(limit): right for limit, right in best.items()},
        "fewest_wrong_at_found_share": {f"{share:.2f}": least[share] for share in shares if share in least},
        "at_p_95": {"right": sum(r[2] for r in usual), "wrong_persons": sum(not r[2] for r in usual)},
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
