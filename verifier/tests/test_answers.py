"""What is known of a log's answers is kept in a file beside the memory, and says just what sets and dicts would."""

from __future__ import annotations

import random
import tracemalloc

from honest_log import digest

from lawgate_verifier.answers import no_answers


def test_it_says_what_sets_and_dicts_say() -> None:
    dice = random.Random(7)
    recipients: dict[str, str] = {}
    acknowledged: set[str] = set()
    tags: dict[str, str] = {}
    tagged: set[str] = set()
    with no_answers() as answers:
        for _ in range(5000):
            answer, tag = digest(f"a{dice.randrange(300)}")[:32], digest(f"t{dice.randrange(300)}")
            match dice.randrange(4):
                case 0:
                    assert answers.add(answer, tag[:32]) == (answer not in recipients)
                    recipients.setdefault(answer, tag[:32])
                case 1:
                    first = answer in recipients and answer not in acknowledged
                    assert answers.acknowledge(answer) == first
                    acknowledged.update([answer] if first else [])
                case 2:
                    assert answers.tag(answer, tag) == (tag not in tags and answer not in tagged)
                    tags.setdefault(tag, answer)
                    tagged.add(answer)
                case _:
                    assert answers.recipient(answer) == recipients.get(answer)
                    assert answers.tagged(tag) == tags.get(tag)
            assert len(answers) == len(recipients)
    with no_answers() as answers:
        assert len(answers) == 0
        assert answers.recipient(next(iter(recipients))) is None


def test_what_python_holds_does_not_grow_with_the_answers() -> None:
    def held(count: int) -> int:
        with no_answers() as answers:
            tracemalloc.start()
            for n in range(count):
                identity = digest(f"{n}")
                answers.add(identity[:32], "0" * 32)
                answers.tag(identity[:32], identity)
            current, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return current

    few, many = held(200), held(20_000)
    assert many < few + 100_000, "20,000 answers and tags in sets are some megabytes"
