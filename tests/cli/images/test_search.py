import pytest

from tests.cli.harbour import Harbour
from tests.cli.office import Office


def test_repositories_are_found_by_words_in_their_names(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    words = harbour.name.removeprefix("crew/").split("-")
    outcome = harbour.wharf("search", f"{words[-1]} {words[0].upper()} crew", harbour.host)
    assert outcome.code == 0
    assert harbour.at() in outcome.out.splitlines()


def test_registry_and_words_may_be_said_at_once_as_to_docker(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    assert [harbour.at()] == harbour.wharf("search", harbour.at()).out.splitlines()


def test_a_registry_without_a_word_is_all_that_it_has(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    assert harbour.at() in harbour.wharf("search", f"{harbour.host}/").out.splitlines()


def test_nothing_found_is_no_error_and_names_the_nearest(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    outcome = harbour.wharf("search", harbour.name + "x", harbour.host)
    assert (outcome.code, outcome.out) == (0, "")
    assert harbour.name in outcome.err


def test_a_machine_gets_names_alone(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    document = harbour.wharf_json("search", harbour.name, harbour.host)
    assert (harbour.host, [harbour.name]) == (document["registry"], document["repositories"])


@pytest.mark.parametrize("registry", [[], ["docker.io"], ["registry-1.docker.io"], ["ghcr.io"], ["quay.io"]])
def test_registries_without_a_list_say_where_to_look(harbour: Harbour, registry: list[str]) -> None:
    outcome = harbour.wharf("search", "app", *registry)
    assert outcome.code == 6
    assert "no list of its repositories" in outcome.err
    assert "next: look " in outcome.err


@pytest.mark.parametrize("registry", ["registry.example/team", "not a host"])
def test_a_registry_is_a_host(harbour: Harbour, registry: str) -> None:
    assert harbour.wharf("search", "app", registry).code == 2


def test_whoever_has_a_login_sees_what_is_private(office: Office, harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    office.done("copy", harbour.at("1.0"), f"{office.org}/app:1.0")
    assert f"{office.org}/app" in office.done("search", office.name, office.host)
    office.leave()
    assert "nothing found" in office.wharf("search", office.name, office.host).err
