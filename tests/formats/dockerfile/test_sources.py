"""What COPY takes, and which files that means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.dockerfile.parse import parse_dockerfile
from wharf.formats.dockerfile.scopes import Scopes
from wharf.formats.dockerfile.sources import FileTree, Source, sources
from wharf.formats.text import Text

TREE = FileTree(["a.txt", "b.md", "src/a.py", "src/deep/b.py", "docs/a.md"])


def taken(written: str) -> list[Source]:
    dockerfile = parse_dockerfile(Text.of_file("Dockerfile", f"FROM scratch\nENV F=src\n{written}\n"))
    return [source for seen in Scopes(dockerfile).seen() for source in sources(seen)]


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("COPY a b /c", ["a", "b"]),
        ("COPY . /c", [""]),
        ("COPY ./a/ /c", ["a"]),
        ("COPY /a /c", ["a"]),
        ("COPY $F/a /c", ["src/a"]),
        ("COPY $NOTHING/a /c", []),
        ("COPY --from=x a /c", []),
        ("ADD https://example.com/a a /c", ["a"]),
        ("COPY <<EOF a /c\nEOF", ["a"]),
        ("COPY ../a /c", ["a"]),
    ],
)
def test_sources_are_paths_in_the_context(written: str, paths: list[str]) -> None:
    assert paths == [source.path for source in taken(written)]


def test_a_source_that_leads_out_is_known() -> None:
    assert [True, False] == [source.leaves_context for source in taken("COPY ../a b/../c /d")]


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("a.txt", ["a.txt"]),
        ("src", ["src/a.py", "src/deep/b.py"]),
        ("", ["a.txt", "b.md", "docs/a.md", "src/a.py", "src/deep/b.py"]),
        ("*.md", ["b.md"]),
        ("*/a.*", ["docs/a.md", "src/a.py"]),
        ("s*", ["src/a.py", "src/deep/b.py"]),
        ("[ab].[!x]*", []),
        ("[^b]*.txt", ["a.txt"]),
        ("nothing", []),
        ("[", []),
    ],
)
def test_a_path_means_files(path: str, files: list[str]) -> None:
    assert files == sorted(TREE.meant(path))


@given(st.text(alphabet="ab*?[]^-\\/.", max_size=30))
@settings(max_examples=100, deadline=None)
def test_only_files_that_are_there_are_meant(path: str) -> None:
    assert set(TREE.meant(path)) <= TREE.files
