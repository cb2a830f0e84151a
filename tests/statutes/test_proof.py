"""The proof of a pack notices what it says it notices: changed words, lost rules, second paths, and its own staleness."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lawgate.adapters.pack_shelf import committed_proof, pack_files
from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Outcome
from lawgate.statutes import binding, situations
from lawgate.statutes.cases import read_cases
from lawgate.statutes.check import findings_on
from lawgate.statutes.mutants import breaks, mutants
from lawgate.statutes.pack import Pack
from lawgate.statutes.packs.usc26_6103_i_2 import PACK
from lawgate.statutes.proof import PackFiles, Shared, digests, prove, sweep_share
from lawgate.statutes.rule import Alternatives, Rule
from lawgate.statutes.situations import ABSENT, Sweep
from lawgate.wiring import pack_named, prove_pack

NOTHING = Shared(Sweep(0, 0, 0, ()), Sweep(0, 0, 0, ()))


@pytest.fixture(scope="module")
def files() -> PackFiles:
    return pack_files(PACK)


@pytest.fixture(scope="module")
def tried(files: PackFiles) -> list[dict[str, object]]:
    return [case.facts(PACK) for case in read_cases(files.cases)]


def failures(files: PackFiles) -> tuple[str, ...]:
    return prove(files, [NOTHING]).failures


def with_rule(pack: Pack, rule: str, **changes: Any) -> Pack:
    return replace(
        pack,
        rules=tuple(replace(r, **changes) if r.id == rule and isinstance(r, Rule) else r for r in pack.rules),
    )


def test_the_committed_proof_is_of_this_pack_these_words_these_cases_and_this_evaluator(shelf: Any) -> None:
    """A change without `lawgate pack verify --write` stops here, within seconds; the slow test below does the whole proof."""
    files = pack_files(shelf.pack)
    proof: Any = committed_proof(shelf.pack)
    assert proof["digests"] == digests(files)
    assert proof["failures"] == []
    lines = proof["counts"]["lines"]
    facts = 0 if shelf.pack.denies else 13 if shelf.pack is PACK else 12
    assert lines == {"facts": facts, "tried": 3**facts, "answerable": int(not shelf.pack.denies), "wrong": 0}
    short = prove(files, [NOTHING]).document()
    for part in ("pack", "elements", "forgetting", "mutants"):
        assert proof["counts"][part] == json.loads(json.dumps(short))["counts"][part]
    assert proof["noticed"] == short["noticed"]


@pytest.mark.slow
def test_the_committed_proof_is_the_proof(shelf: Any) -> None:
    assert committed_proof(shelf.pack) == prove_pack(shelf.pack).document()


def test_a_ground_that_denies_everything_is_held_to_it() -> None:
    denying = pack_files(pack_named("usc13-9"))
    assert failures(denying) == ()
    one = Sweep(3, 1, 0, ())
    assert (
        "the ground denies every request, and yet a request may go on"
        in prove(denying, [Shared(one, one)]).failures
    )
    with pytest.raises(StatuteError, match="no such element denies"):
        replace(denying.pack, denies=("Z-9",))


def test_a_changed_word_breaks_the_proof_and_names_rule_and_provision(files: PackFiles) -> None:
    changed = replace(
        files, text=files.text.replace("> (ii) the taxable period", "> (ii) the probable taxable period")
    )
    found = failures(changed)
    assert len(found) == sum(1 for rule in PACK.rules if rule.anchor == "(i)(2)(B) Requirements")
    assert any(f.startswith("R-6: the words of “(i)(2)(B) Requirements” changed") for f in found)


def test_a_changed_comment_of_our_own_beside_quoted_words_binds_nobody(files: PackFiles) -> None:
    assert failures(replace(files, text=files.text.replace("in the singular", "in the Singular"))) == ()


def test_our_own_rules_are_bound_to_our_own_words(files: PackFiles) -> None:
    found = failures(replace(files, text=files.text.replace("These are policy and say so", "These are law")))
    assert {f.split(":")[0] for f in found} == {"P-508", "P-502", "P-503", "P-501", "P-505"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "## (p)(3)(A) System of recordkeeping",
            "## (p)(3)(A) Another heading",
            "neither encoded by a rule nor excused",
        ),
        (
            "## (p)(3)(A) System of recordkeeping",
            "## (p)(3)(A) Another heading",
            "is no provision of the page",
        ),
        ("## (p)(4) Safeguards", "## (p)(4) Something", "R-21 was written from"),
    ],
)
def test_a_provision_without_rule_or_excuse_breaks_the_proof(
    files: PackFiles, old: str, new: str, said: str
) -> None:
    assert any(said in f for f in failures(replace(files, text=files.text.replace(old, new))))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"R-8" = "', '"R-88" = "', "R-8 is bound to no words"),
        ('"R-8" = "', '"R-88" = "', "there is no such rule"),
        (
            '"(p)(3)(A) System',
            '"(p)(4) Safeguards" = "x"\n"(p)(3)(A) System',
            "is excused, though a rule encodes it",
        ),
        ('id = "R-6"\nelements = ["R-6"]', 'id = "R-6"', "requirement R-6 needs elements or a reason"),
        ('id = "R-6"\nelements = ["R-6"]', 'id = "R-6"\nreason = "none"', "R-6 stands under no requirement"),
        ('elements = ["R-21"]', 'elements = ["R-21", "R-99"]', "there is no element R-99"),
    ],
)
def test_a_gap_in_the_tables_breaks_the_proof(files: PackFiles, old: str, new: str, said: str) -> None:
    changed = files.particulars.replace(old, new)
    assert changed != files.particulars
    assert any(said in f for f in failures(replace(files, particulars=changed)))


def test_an_excuse_needs_a_reason(files: PackFiles) -> None:
    bonds = binding.read_bonds(files.particulars)
    silent = replace(bonds, excused=dict.fromkeys(bonds.excused, " "))
    assert all("without a reason" in f for f in binding.unaccounted(PACK, files.text, silent))


def test_a_rule_that_no_case_tries_breaks_the_proof(files: PackFiles) -> None:
    cases = files.cases.replace('R-14 = "UNKNOWN"', 'R-4 = "MET"')
    assert any("no case tries R-14 UNKNOWN" in f for f in failures(replace(files, cases=cases)))


def test_a_case_that_does_not_hold_breaks_the_proof(files: PackFiles) -> None:
    weaker = with_rule(PACK, "R-6", predicate=lambda line_taxable_periods, now_today: Outcome.MET)
    assert any(
        f.startswith("cases.toml, case “All years” is no period: R-6")
        for f in failures(replace(files, pack=weaker))
    )


def test_a_case_notices_every_rule_deleted_inverted_and_always_met(
    files: PackFiles, tried: list[dict[str, object]]
) -> None:
    told = breaks(PACK, read_cases(files.cases), tried)
    rules = [r.id for e in PACK.rules for r in ((e,) if isinstance(e, Rule) else e.rules)]
    wanted = {f"{how} {rule}" for how in ("delete", "invert", "always meet") for rule in rules}
    assert wanted <= told.keys() == {m.name for m in mutants(PACK)}
    assert [name for name, title in told.items() if not title] == []


def test_a_rule_that_no_case_needs_is_noticed(files: PackFiles, tried: list[dict[str, object]]) -> None:
    only = [case for case in read_cases(files.cases) if case.title.startswith("A request in good order")]
    told = breaks(PACK, only, tried[:1])
    assert told["invert R-8"]
    assert not told["always meet R-15c2"]


def forgetful(line_reasons: object = None) -> Outcome:
    return Outcome.MET if line_reasons is None else Outcome.UNMET


def test_a_rule_that_forgetting_would_improve_is_noticed() -> None:
    """The kernel cannot be made to do it, so an element of another kind stands in for a kernel that guesses."""
    honest = next(rule for rule in PACK.rules if rule.id == "R-8")
    assert isinstance(honest, Rule)
    guessing = replace(honest)
    object.__setattr__(guessing, "find", lambda facts: honest.finding(forgetful(facts.get("line.reasons"))))
    known = {"line.reasons": ("because", ABSENT)}
    assert situations.sweep_element(guessing, known).wrong
    assert situations.forgetting([guessing], [{"line.reasons": "because"}]).wrong
    assert not situations.sweep_element(honest, known).wrong


def test_an_element_with_alternatives_worse_than_its_best_is_noticed(tried: list[dict[str, object]]) -> None:
    group = next(rule for rule in PACK.rules if isinstance(rule, Alternatives))
    broken = replace(group)
    object.__setattr__(broken, "find", group.rules[0].find)
    known = {
        "line.proceeding.kind": ("investigation", ABSENT),
        "line.attestation": (tried[0]["line.attestation"], ABSENT),
    }
    assert situations.sweep_element(broken, known).wrong == (
        "R-11-13 is not as good as the best of its alternatives",
    )


def small(files: PackFiles, tried: list[dict[str, object]]) -> dict[str, tuple[object, ...]]:
    three = situations.three_states(PACK, tried[0], situations.states(PACK, tried))
    assert {len(s) for s in three.values()} == {3}
    return dict(list(three.items())[:6])


def test_whole_lines_end_as_their_elements_say_and_only_the_good_one_goes_on(
    files: PackFiles, tried: list[dict[str, object]]
) -> None:
    swept = situations.sweep_lines(PACK, tried[0], small(files, tried))
    assert (swept.tried, swept.answerable, swept.wrong) == (3**6, 1, ())


def test_the_shares_of_a_sweep_are_the_whole_of_it(files: PackFiles, tried: list[dict[str, object]]) -> None:
    shares = [situations.sweep_lines(PACK, tried[0], small(files, tried), part, 4) for part in range(4)]
    assert sum(s.tried for s in shares) == 3**6
    assert sum(s.answerable for s in shares) == 1


def test_a_second_path_past_the_elements_is_noticed(
    files: PackFiles, tried: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in 2025: a way round the address. The sweeps ask each element alone, and see that the whole says otherwise."""
    honest = findings_on

    def with_a_way_round(slots: Any, facts: Any) -> Any:
        return tuple(f for f in honest(slots, facts) if not f.rule.startswith("R-5"))

    monkeypatch.setattr(situations, "findings_on", with_a_way_round)
    assert situations.sweep_lines(PACK, tried[0], small(files, tried)).wrong
    known = {
        name: s for name, s in situations.states(PACK, tried).items() if name in ("line.address", "line.name")
    }
    assert situations.sweep_pairs(PACK, tried[:1], known).wrong


def test_every_way_of_being_in_order_is_a_base_for_the_pairs(tried: list[dict[str, object]]) -> None:
    found = situations.bases(PACK, tried)
    assert len(found) >= 5
    known = situations.states(PACK, tried)
    pairs = situations.sweep_pairs(PACK, found[:1], known, 0, 40)
    assert pairs.tried > 0
    assert pairs.wrong == ()


def test_a_share_of_the_long_sweeps_finds_nothing_wrong(files: PackFiles) -> None:
    share = sweep_share(files, 2, 900)
    assert share.lines.wrong == share.pairs.wrong == ()
    assert share.pairs.tried > 0
