"""What steps say to later ones through files."""

from wharf.formats.github.environment_files import may_say_more, said_aloud, said_to
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Certainty, Ran, Written
from wharf.formats.span import Span
from wharf.formats.text import Text

HERE = Span.at("f")


def written(content: str, certainty: Certainty = Certainty.ALWAYS) -> Written:
    return Written(Text.known("/out"), Text.known(content), HERE, certainty, appended=True)


def said(*parts: Written) -> dict[str, str]:
    return {name: value.shown for name, value in said_to("/out", parts).items()}


def test_lines_are_names_with_values() -> None:
    assert {"a": "1=2", "b": ""} == said(written("a=0\n"), written("a=1=2\nb=\n"))


def test_a_mark_holds_several_lines_together() -> None:
    assert {"a": "x\ny=1", "b": "z"} == said(written("a<<EOF\nx\n"), written("y=1\nEOF\nb=z\n"))


def test_one_that_never_ends_takes_all() -> None:
    assert {"a": "x"} == said(written("a<<EOF\nx\n"))


def test_other_files_do_not_matter() -> None:
    assert {} == dict(said_to("/other", [written("a=1\n")]))


def test_what_is_said_perhaps_is_open() -> None:
    assert {"a": "‹a›"} == said(written("a=1\n"), written("a=2\n", Certainty.PERHAPS))


def test_what_is_the_same_on_all_ways_is_known() -> None:
    assert {"a": "1"} == said(written("a=1\n", Certainty.PERHAPS), written("a=1\n", Certainty.PERHAPS))


def test_what_is_said_for_certain_afterwards_counts() -> None:
    assert {"a": "3"} == said(written("a=1\n", Certainty.PERHAPS), written("a=3\n"))


def test_the_older_form_is_said_aloud() -> None:
    ran = Ran((Text.known("echo"), Text.known("::set-output name=tag::v1")), HERE)
    assert {"tag": "v1"} == {name: value.flat for name, value in said_aloud([ran]).items()}


def test_names_that_are_not_known_are_passed_over_but_not_forgotten() -> None:
    open_ = Written(Text.known("/out"), Text.unknown(Unknown.COMMAND, "cat"), HERE)
    assert {"a": "1"} == said(written("a=1\n"), open_)
    assert [False, True] == [may_say_more("/out", [written("a=1\n")]), may_say_more("/out", [open_])]
