"""Whoever may not read a private repository is told what is told of one that does not exist, whatever they ask."""

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest

from tests.registry.http.api.matrix import Asked, Question, Row, question, rows
from tests.registry.http.api.peopled import PeopledRegistry

pytestmark = pytest.mark.slow

OUTSIDERS: Final = ("anonymous", "stranger", "elsewhere")
PRIVATE: Final = tuple(row for row in rows() if row.about == "private" and not row.of.startswith("Token"))
ROUNDS: Final = 150
TWICE: Final = 2.0


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeopledRegistry]:
    with PeopledRegistry(tmp_path_factory.mktemp("peopled")) as made:
        yield made


@pytest.mark.parametrize("row", PRIVATE, ids=[row.name for row in PRIVATE])
def test_nothing_tells_that_it_is_there(row: Row, registry: PeopledRegistry) -> None:
    for outsider in OUTSIDERS:
        there = question(registry, row, Asked.by(row, registry.operations()), outsider)

        assert told(registry, outsider, nowhere(there)) == told(registry, outsider, there)


def nowhere(there: Question) -> Question:
    """The same about a repository that nobody has."""
    return replace(there, path=re.sub(r"(/|%2F)app(?=[-/%?]|$)", r"\1nap", there.path))


def told(registry: PeopledRegistry, caller: str, asked: Question) -> tuple[int, dict[str, str], bytes]:
    """All that is heard, with the name that was asked for taken out, which is as long in both."""
    headers = {**asked.headers, "x-request-id": "the-same"}
    answer = registry.ask(caller, asked.method, asked.path, asked.body, headers)
    facts = {name: unnamed(value.encode()).decode() for name, value in answer.headers.items()}
    return answer.status, facts, unnamed(answer.body)


def unnamed(said: bytes) -> bytes:
    return re.sub(rb"(/|%2F)nap\b", rb"\1app", said)


@pytest.mark.parametrize("target", ["/manifests/1.0", "/tags/list"])
def test_it_costs_as_much_as_nothing_does(target: str, registry: PeopledRegistry) -> None:
    """By the processor's time, in the median of many that were asked in turn: what else the machine does is no part."""
    times: dict[str, list[float]] = {"app": [], "nap": []}
    for _ in range(ROUNDS):
        for name, found in times.items():
            began = time.process_time()
            registry.ask("stranger", "GET", f"/v2/crew/{name}{target}")
            found.append(time.process_time() - began)

    there, nowhere_ = (statistics.median(found) for found in times.values())

    assert 1 / TWICE < there / nowhere_ < TWICE
