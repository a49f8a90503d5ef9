"""What `wharf stats` shows of pulls and of room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.office import PASSWORD, Office, open_office
from tests.durability.cargo import Image, image_of
from tests.durability.client import Client
from wharf.cli.stats import bars
from wharf.testing.registry import basic
from wharf.testing.registry_process import RegistryProcess

BOSS = {"Authorization": basic("admin", PASSWORD)}
IMAGE = image_of(b"a layer")


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    """crew/app has a version that was pulled twice by its tag and once by its digest."""
    data = tmp_path_factory.mktemp("stats") / "data"
    with RegistryProcess(data, "--workers", "1", admin_password=PASSWORD) as running:
        push(running, "crew/app", IMAGE)
        push(running, "crew/other", image_of(b"a layer", config=IMAGE.config))
        push(running, "alone", IMAGE)
        with Client(running) as client:
            for reference in ("v1", "v1", str(IMAGE.digest)):
                client.ask("GET", f"/v2/crew/app/manifests/{reference}", headers=BOSS)
        yield running


def push(registry: RegistryProcess, name: str, image: Image) -> None:
    with Client(registry) as client:
        for blob in image.blobs:
            digest = Image(blob, (), blob).digest
            client.ask("POST", f"/v2/{name}/blobs/uploads/?digest={digest}", blob, BOSS)
        kind = {"Content-Type": "application/vnd.oci.image.manifest.v1+json"}
        assert 201 == client.ask("PUT", f"/v2/{name}/manifests/v1", image.raw, {**BOSS, **kind}).status


@pytest.fixture
def office(pulled: RegistryProcess, tmp_path: Path) -> Office:
    return open_office(pulled, "crew", tmp_path)


@pytest.mark.slow
def test_a_repository_is_shown_on_a_small_terminal(office: Office) -> None:
    lines = office.done("stats", f"{office.host}/crew/app").splitlines()
    assert [f"{office.host}/crew/app", "  3 pulls in 30 days, 3 ever"] == lines[:2]
    assert lines[3].endswith("··█  at most 3")
    text = "\n".join(" ".join(line.split()) for line in lines)
    assert "TAG PULLS\nv1 2\n(by digest) 1" in text
    assert f"VERSION PULLS EVER LAST PULLED\n{str(IMAGE.digest)[:19]} 3 3 " in text
    assert "ACCOUNT PULLS\nadmin 3" in text
    assert all(len(line) <= 80 for line in lines)


@pytest.mark.slow
def test_room_that_is_shared_is_said_to_be(office: Office) -> None:
    shared = len(b"a layer") + len(IMAGE.config)
    assert f"{shared} B stored, {shared} B of it shared between repositories" in office.done("stats", office.org)


@pytest.mark.slow
def test_an_organisation_is_shown_with_its_repositories(office: Office) -> None:
    shown = office.done("stats", office.org)
    assert "3 pulls in 30 days\n" in shown
    assert "REPOSITORY PULLS\ncrew/app 3\n" in "\n".join(" ".join(line.split()) for line in shown.splitlines())


@pytest.mark.slow
def test_the_registry_is_shown_as_a_whole(office: Office) -> None:
    assert {"crew/app", "crew/other", "alone"} == {row["name"] for row in office.told("stats", office.host)["largest"]}


@pytest.mark.slow
def test_a_name_of_one_segment_may_be_a_repository(office: Office) -> None:
    assert "alone" == office.told("stats", f"{office.host}/alone")["name"]


@pytest.mark.slow
def test_one_tag_can_be_asked_for(office: Office) -> None:
    assert 2 == office.told("stats", f"{office.host}/crew/app", "--tag", "v1", "--days", "1")["pulls"]


@pytest.mark.slow
def test_what_is_not_there_is_said_not_to_be(office: Office) -> None:
    outcome = office.wharf("stats", f"{office.host}/crew/none")
    assert (outcome.code != 0, True) == (True, "crew/none" in outcome.err)


def test_days_are_drawn_by_their_height() -> None:
    assert "·▂▄█" == bars([0, 1, 2, 4])


@given(st.lists(st.integers(0, 10**9), max_size=366))
def test_any_number_of_days_has_room_on_a_line(days: list[int]) -> None:
    drawn = bars(days)
    assert len(drawn) <= 61
    assert (sum(days) == 0) == (set(drawn) <= {"·"})
