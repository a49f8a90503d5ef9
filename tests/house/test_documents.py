"""What is written down is true: pages are there, links lead somewhere, and blocks that run print what they say."""

import http.client
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from examples.push_sample import authorization_of
from examples.push_sample import main as push_sample
from tests.house.documents import (
    PATIENCE_SECONDS,
    WRITTEN_PASSWORD,
    blocks,
    english_of,
    is_twin,
    links,
    named_files,
    pages,
    pages_about_this_project,
    pages_that_run,
    played,
    shape,
    shown,
)
from tests.house.sources import PACKAGE, ROOT
from wharf.protocol.api_paths import own
from wharf.testing.registry_process import RegistryProcess

PAGES_THAT_MUST_BE_THERE = (
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "docs/accounts.md",
    "docs/adr/README.md",
    "docs/api.md",
    "docs/audit.md",
    "docs/benchmarks.md",
    "docs/check.md",
    "docs/delivery.md",
    "docs/doctor.md",
    "docs/explain.md",
    "docs/failures/README.md",
    "docs/ko/accounts.md",
    "docs/ko/audit.md",
    "docs/ko/check.md",
    "docs/ko/doctor.md",
    "docs/ko/explain.md",
    "docs/ko/packages.md",
    "docs/ko/retention.md",
    "docs/ko/statistics.md",
    "docs/ko/webhooks.md",
    "docs/packages.md",
    "docs/registry.md",
    "docs/retention.md",
    "docs/rules/README.md",
    "docs/credentials.md",
    "docs/errors.md",
    "docs/settings.md",
    "docs/statistics.md",
    "docs/webhooks.md",
)
TWINS = ("accounts", "audit", "packages", "retention", "statistics", "webhooks")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    """As `make run` leaves it, for each page anew: a registry with the sample image in it."""
    with RegistryProcess(tmp_path / "data", admin_password=WRITTEN_PASSWORD) as registry:
        push_sample(f"{registry.url}/sample/greeter:latest", WRITTEN_PASSWORD)
        made_public(registry, "sample/greeter")
        shutil.copytree(ROOT / "examples", registry.data.parent / "examples")
        yield registry


@pytest.mark.parametrize("page", PAGES_THAT_MUST_BE_THERE)
def test_a_page_that_people_look_for_is_there(page: str) -> None:
    assert (ROOT / page).is_file()


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_links_lead_to_something(page: Path) -> None:
    assert [] == [target for target in links(page) if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", pages_about_this_project(), ids=shown)
def test_files_that_are_named_exist(page: Path) -> None:
    roots = (ROOT, ROOT / "src", PACKAGE)
    assert [] == [name for name in named_files(page) if not any((root / name).exists() for root in roots)]


@pytest.mark.parametrize("page", pages_that_run(), ids=shown)
def test_a_block_that_runs_prints_what_the_page_says(page: Path, registry: RegistryProcess) -> None:
    for block in blocks(page):
        require(block.programs)
        outcome = played(block, registry.data.parent, registry.host)
        assert [] == [(step.command, output) for step, output in outcome if not step.agrees(output)]


@pytest.mark.parametrize("page", [page for page in pages() if is_twin(page)], ids=shown)
def test_a_page_in_korean_and_the_english_one_lead_to_each_other(page: Path) -> None:
    english = english_of(page)
    assert f"../{page.name}" in links(page)
    assert f"ko/{page.name}" in links(english)


@pytest.mark.parametrize("name", TWINS)
def test_a_page_in_korean_says_as_much_as_the_english_one(name: str) -> None:
    korean = ROOT / "docs" / "ko" / f"{name}.md"
    assert blocks(english_of(korean)) == blocks(korean)
    assert shape(english_of(korean)) == shape(korean)


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md"])
def test_every_room_stands_on_the_map(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    rooms = [room.parent.name for room in PACKAGE.glob("*/__init__.py")]
    assert [] == [room for room in rooms if room not in text]


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [] == [page.name for page in sorted(folder.glob("0*.md")) if page.name not in index]


def made_public(registry: RegistryProcess, repository: str) -> None:
    headers = {"Authorization": authorization_of(WRITTEN_PASSWORD), "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection(registry.host, timeout=PATIENCE_SECONDS)) as connection:
        for method, path, wish in (
            ("POST", own("orgs"), {"login": repository.partition("/")[0]}),
            ("PATCH", own("packages", repository), {"visibility": "public"}),
        ):
            connection.request(method, path, json.dumps(wish), headers)
            answer = connection.getresponse()
            assert answer.status < 300, answer.read()
            answer.read()


def require(programs: tuple[str, ...]) -> None:
    absent = [program for program in programs if shutil.which(program) is None]
    if absent and os.environ.get("CI") == "true":
        pytest.fail(f"not installed: {', '.join(absent)}")
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")
