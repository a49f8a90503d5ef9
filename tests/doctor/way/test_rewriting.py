import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.way.texts import command
from wharf.doctor.way.rewriting import replaced, replacings
from wharf.formats.text import Text


def rewritten(line: str, content: str) -> str | None:
    (replacing,) = replacings(command(line).words[1:])
    return replaced(Text.known(content), replacing).shown if replacing.pattern else None


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("sed -i 's|image: app:.*|image: app:2|' f", "  image: app:2\nimage: web:1\n"),
        ("sed -i s/app:1/app:2/g f", "  image: app:2\nimage: web:1\n"),
        ("sed -i 's#:[^ ]*1#:<TAG>#' f", "  image: app:‹TAG›\nimage: web:‹TAG›\n"),
        ("sed -i -e 's/^image: web/image: job/' f", "  image: app:1\nimage: job:1\n"),
    ],
)
def test_a_file_is_rewritten_as_sed_does_it(line: str, after: str) -> None:
    assert after == rewritten(line, "  image: app:1\nimage: web:1\n")


@pytest.mark.parametrize("line", [r"sed -i 's/\(a\)/\1b/' f", "sed -i '/a/d' f", "sed -i 's/a/&b/' f", "sed -i s f"])
def test_what_is_not_understood_is_not_guessed(line: str) -> None:
    assert rewritten(line, "a\n") is None


def test_sed_that_only_prints_changes_nothing() -> None:
    assert [] == list(replacings(command("sed s/a/b/ f").words[1:]))


@given(st.text(max_size=40))
@settings(max_examples=100)
def test_no_script_is_too_strange(script: str) -> None:
    for replacing in replacings([Text.known("-i"), Text.known(script), Text.known("f")]):
        if replacing.pattern:
            replaced(Text.known("image: a.b:1\n" * 3), replacing)
