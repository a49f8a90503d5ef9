import pytest

from tests.cli.harbour import Harbour
from wharf.cli.output import width_of
from wharf.testing.random_image import RandomImage, random_image, random_index

STATUS = b"Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nVersion: %b\n\n"


def built(version: bytes, **files: bytes) -> RandomImage:
    record = {"var/lib/dpkg/status": STATUS % version}
    return random_image(
        1, layers=1, layer_size=300, files={**record, **{f"app/{name}": text for name, text in files.items()}}
    )


@pytest.fixture
def two_builds(harbour: Harbour) -> Harbour:
    harbour.put(built(b"3.0.1", main=b"old", gone=b"gone"), "1")
    harbour.put(built(b"3.0.2", main=b"newer", fresh=b"fresh"), "2")
    return harbour


def test_a_person_is_told_what_a_new_build_changed(two_builds: Harbour) -> None:
    outcome = two_builds.wharf("diff", two_builds.at("1"), two_builds.at("2"))
    assert outcome.code == 0
    lines = [" ".join(line.split()) for line in outcome.out.splitlines()]
    assert "~ libssl3 3.0.1 -> 3.0.2 (deb)" in lines
    assert "~ +2 B /app/main" in lines
    assert "- -4 B /app/gone" in lines
    assert "+ +5 B /app/fresh" in lines
    assert max(map(width_of, outcome.out.splitlines()[2:])) <= 80


def test_a_machine_is_told_the_same(two_builds: Harbour) -> None:
    told = two_builds.wharf_json("diff", two_builds.at("1"), two_builds.at("2"))
    assert told["same"] is False
    assert [("libssl3", ["3.0.1"], ["3.0.2"])] == [
        (each["name"], each["before"], each["after"]) for each in told["packages"]
    ]
    changes = {each["path"]: each["change"] for each in told["files"]}
    assert {"/app/main": "changed", "/app/gone": "removed", "/app/fresh": "added"}.items() <= changes.items()


def test_without_a_look_into_layers_it_is_quick(two_builds: Harbour) -> None:
    told = two_builds.wharf_json("diff", two_builds.at("1"), two_builds.at("2"), "--quick")
    assert (None, None, 1) == (told["files"], told["packages"], len(told["layers"]["added"]))


@pytest.mark.parametrize(("tag", "flags", "code"), [("1", ["--exit-code"], 0), ("2", ["--exit-code"], 1), ("2", [], 0)])
def test_a_script_can_ask_whether_they_differ(two_builds: Harbour, tag: str, flags: list[str], code: int) -> None:
    assert code == two_builds.wharf("diff", two_builds.at("1"), two_builds.at(tag), "--quick", *flags).code


def test_the_same_image_in_two_places_is_the_same(harbour: Harbour) -> None:
    harbour.put(random_index(1), "1")
    harbour.wharf("copy", harbour.at("1"), "oci:images", "--quiet")
    outcome = harbour.wharf("diff", harbour.at("1"), "oci:images")
    assert outcome.out.splitlines()[-1] == "the same image"


def test_many_files_are_told_in_short_unless_all_are_wanted(harbour: Harbour) -> None:
    harbour.put(built(b"1"), "1")
    harbour.put(built(b"1", **{f"file{number}": b"x" * number for number in range(30)}), "2")
    short = harbour.wharf("diff", harbour.at("1"), harbour.at("2")).out
    assert "--files lists all of them" in short
    assert "/app/file29" in short
    assert "/app/file1\n" not in short
    assert "/app/file1\n" in harbour.wharf("diff", harbour.at("1"), harbour.at("2"), "--files").out


def test_files_cannot_be_listed_quickly(harbour: Harbour) -> None:
    assert 2 == harbour.wharf("diff", "a", "b", "--files", "--quick").code
