"""What really reaches a build."""

from tests.doctor.repositories import checkout_of
from wharf.doctor.looks.contexts import Copied, copied
from wharf.formats.files import WrittenFiles

COPY_ALL = "FROM scratch\nCOPY . /\n"


def copies(files: dict[str, str]) -> tuple[Copied, ...]:
    return checkout_of(WrittenFiles(files)).once(copied)


def test_what_the_ignore_file_leaves_out_is_not_brought() -> None:
    (each,) = copies({"Dockerfile": COPY_ALL, ".dockerignore": "*.md\n!README.md\n", "a.md": "", "README.md": ""})
    assert [True, False, True] == [each.brings(path) for path in ("Dockerfile", "a.md", "README.md")]


def test_a_dockerfiles_own_ignore_file_comes_first() -> None:
    (each,) = copies(
        {"Dockerfile": COPY_ALL, "Dockerfile.dockerignore": "a\n", ".dockerignore": "b\n", "a": "", "b": ""}
    )
    assert "Dockerfile.dockerignore" == each.context.ignore_path
    assert each.brings("b")
    assert not each.brings("a")


def test_a_stage_beside_the_image_is_told_from_one_within() -> None:
    content = "FROM a AS build\nCOPY x /\nFROM b AS base\nCOPY y /\nFROM base\nCOPY --from=build /x /x\n"
    assert [("x", False), ("y", True)] == [
        (each.source.path, each.is_in_image) for each in copies({"Dockerfile": content})
    ]


def test_a_stage_that_nobody_needs_is_not_built() -> None:
    assert () == copies({"Dockerfile": "FROM a AS unused\nCOPY x /\nFROM b\n"})
