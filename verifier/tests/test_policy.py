"""Policy files and notes: what is read, what is refused, and when a quorum holds."""

from __future__ import annotations

import pytest
from honest_log import ORIGIN, House, vkey

from lawgate_verifier.policy import check_head, parse_policy
from lawgate_verifier.refused import Refused

LOG = f"log {vkey(ORIGIN, 1, 'log')}\n"
MONITOR = f"witness monitor {vkey('monitor.example/w1', 4, 'w1')}\n"
COUNSEL = f"witness counsel {vkey('counsel.example/w2', 4, 'w2')}\n"
BOTH = LOG + MONITOR + COUNSEL


@pytest.mark.parametrize(
    ("rule", "witnesses", "holds"),
    [
        ("quorum none", (), True),
        ("quorum monitor", ("w1",), True),
        ("quorum monitor", ("w2",), False),
        ("group g any monitor counsel\nquorum g", ("w2",), True),
        ("group g any monitor counsel\nquorum g", (), False),
        ("group g all monitor counsel\nquorum g", ("w1",), False),
        ("group g 2 monitor counsel\nquorum g", ("w1", "w2"), True),
        ("group a 1 monitor\ngroup b all a counsel\nquorum b", ("w2",), False),
        ("group a 1 monitor\ngroup b all a counsel\nquorum b", ("w2", "w1"), True),
    ],
)
def test_a_head_satisfies_a_policy_when_its_quorum_has_cosigned(
    house: House, rule: str, witnesses: tuple[str, ...], holds: bool
) -> None:
    policy = parse_policy(f"{BOTH}{rule}\n".encode())
    raw = house.checkpoint(witnesses=witnesses)
    if holds:
        assert check_head(policy, raw).checkpoint.size == len(house.entries)
    else:
        with pytest.raises(Refused, match="Too few"):
            check_head(policy, raw)


@pytest.mark.parametrize(
    "text",
    [
        MONITOR + "quorum monitor\n",
        LOG,
        LOG + LOG + "quorum none\n",
        LOG + "quorum none\nquorum none\n",
        LOG + "quorum monitor\n" + MONITOR,
        LOG + MONITOR + MONITOR + "quorum none\n",
        LOG + MONITOR + MONITOR.replace("monitor ", "again ", 1) + "quorum none\n",
        LOG + MONITOR + "group g 2 monitor\nquorum g\n",
        LOG + MONITOR + "group g 0 monitor\nquorum g\n",
        LOG + MONITOR + "group g 02 monitor monitor\nquorum g\n",
        LOG + MONITOR + "group g 2 monitor monitor\nquorum g\n",
        LOG + MONITOR + "group g any\nquorum g\n",
        LOG + MONITOR + "group none any monitor\nquorum none\n",
        LOG + MONITOR + "group monitor any monitor\nquorum monitor\n",
        LOG + MONITOR + "group g any absent\nquorum g\n",
        LOG + MONITOR.replace("monitor ", "none ", 1) + "quorum none\n",
        LOG + "quorum none extra\n",
        LOG + "quorum none\nother line\n",
        LOG + "quorum none\r\n",
        LOG.replace("+", "-", 1) + "quorum none\n",
        f"log {vkey(ORIGIN, 4, 'log')}\nquorum none\n",
    ],
)
def test_a_policy_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_policy(text.encode())


def test_comments_empty_lines_and_tabs_change_nothing() -> None:
    loose = f"# a comment\n\n{LOG}\t# another\n  {MONITOR}quorum\tmonitor\n"
    assert parse_policy(loose.encode()) == parse_policy(f"{LOG}{MONITOR}quorum monitor\n".encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n16\n", "\n016\n"),
        ("\n16\n", "\n+16\n"),
        ("\n16\n", "\n1_6\n"),
        ("\n16\n", "\n16\nextension\n"),
        ("=\n\n", "=\n"),
        ("— ", "- "),
        ("\n— monitor", "\n\n— monitor"),
        ("demo-log\n16", "demo-log\r\n16"),
    ],
)
def test_a_head_of_another_form_is_refused_even_if_signed(house: House, old: str, new: str) -> None:
    text, gap, _ = house.checkpoint().decode().partition("\n\n")
    whole = text + gap
    spoilt = house.checkpoint().decode()
    if old in whole:
        body = whole.replace(old, new, 1).removesuffix("\n")
        spoilt = body + "\n" + house.log_line(body)
    else:
        spoilt = spoilt.replace(old, new, 1)
    with pytest.raises(Refused):
        check_head(parse_policy(f"{LOG}quorum none\n".encode()), spoilt.encode())


def test_another_logs_head_signed_by_the_same_key_is_refused(own_house: House) -> None:
    own_house.origin = "gateway.example/other"
    with pytest.raises(Refused, match="another log"):
        check_head(parse_policy(own_house.policy()), own_house.checkpoint())
