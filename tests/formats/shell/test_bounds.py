"""Scripts that mean harm: whatever stands in them, following ends soon and without an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.shell.following import followed
from tests.formats.shell.snippets import SNIPPETS
from wharf.formats.hole import Unknown
from wharf.formats.shell.parse import LONGEST, parse_script
from wharf.formats.shell.ran import Given
from wharf.formats.text import Text

PIECES = st.sampled_from(
    ["$(", "${", "}", '"', "'", "`", "((", "))", "if ", "then ", "fi\n", "for x in ", "do ", "done\n", "case x in ",
     "esac ", "<<E\n", "\nE\n", "\\", "\n", "&&", "||", "|", "&", ">", "<", "x=", "A+=(", ")", "$X", ":-", "//", "##",
     "[[ ", " ]]", "[ ", " ]", "while ", "eval ", "ssh h ", "sudo ", "f() {", "f ", "$((", "*", "{a,b}", "! ", " a "]
)  # fmt: skip
HOSTILE = {
    "fork bomb": ":(){ :|:& };:",
    "recursion": "f() { docker $1; f x$1; }; f",
    "doubling": "X=aaaaaaaa\n" + "X=$X$X\n" * 60 + "docker $X",
    "deep substitutions": "echo " + "$(" * 2000,
    "deep groups": "{ " * 3000,
    "sourcing itself": ". ./self.sh",
    "calling itself": "./self.sh; ./self.sh",
    "braces": "docker " + "{a,b}" * 40,
    "patterns": "X=" + "a" * 3000 + "\ndocker ${X##*a*a*a*a*b} ${X//*a*a*b/c}",
    "expressions": "X=" + "a" * 3000 + "\ndocker $(echo $X | sed -E 's/(a+)+b//') $(echo $X | grep -E 'a*a*a*c')",
    "endless": "while true; do x=$((x+1)); done",
    "elements that double": "A=(a b c)\n" + 'A+=("${A[@]}")\n' * 40 + "docker push ${A[@]}\n" * 40,
    "ways without number": "case $X in\n" + "".join(f"a{n}) A{n}=${{A{n}}}x;;\n" for n in range(200)) + "esac\n" * 40,
    "powers": "docker $((2**2**2**2**2)) $((1<<99999999999)) $((9**999999999999999999))",
    "heredocs": "cat <<A " * 3000,
    "chains that source themselves": "true " + "&& true " * 3000 + "&& . ./self.sh\n",
    "lists that double": "A=(a b c)\n" + 'A+=("${A[@]}")\n' * 40 + "docker ${A[*]}",
    "arguments that double": 'f() { f "$@" "$@"; }\nf a b c',
    "cases without end": "case $X in\n" + "".join(f"a{n}) A=${{A}}x;;\n" for n in range(1000)) + "esac",
    "pipes without end": "echo a " + "| tr a b " * 2000,
    "sed that grows": "A=$(echo "
    + "a" * 5000
    + " | sed 's/a/"
    + "&" * 500
    + "/g' | sed 's/a/"
    + "&" * 500
    + "/g')\ndocker $A",
    "ways apart": "".join(f"if test $X{n}; then docker push a:$X{n}; fi\n" for n in range(800)),
}


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(list(Given)))
def test_nothing_in_a_script_makes_following_fail(script: str, others: Given) -> None:
    followed(script, {"self.sh": script}, others)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SNIPPETS), st.data())
def test_a_script_that_was_cut_off_anywhere_is_followed(script: str, data: st.DataObject) -> None:
    followed(script[: data.draw(st.integers(0, len(script)))])


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_places_lie_in_the_script(script: str) -> None:
    lines = script.split("\n")
    spans = [ran.span for ran in followed(script).ran if ran.span.file == "run.sh"]

    assert [] == [span for span in spans if span.line > len(lines) or span.column > len(lines[span.line - 1]) + 1]


@pytest.mark.slow
@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE)
def test_what_means_harm_is_over_soon(script: str) -> None:
    found = followed(script, {"self.sh": script})
    assert len(found.ran) <= 10_000


def test_a_script_beyond_its_bound_is_not_read() -> None:
    problems = parse_script(Text.of_file("run.sh", "x" * (LONGEST + 1))).problems
    assert [Unknown.TOO_MUCH] == [problem.reason.kind for problem in problems]


def test_what_is_not_understood_is_told_with_its_place() -> None:
    problem = followed('docker a\ndocker "b').undecided[0]
    assert (Unknown.SYNTAX, 2, 8) == (
        problem.reason.kind,
        problem.span and problem.span.line,
        problem.span and problem.span.column,
    )


def test_a_loop_that_changes_nothing_is_left_after_one_turn() -> None:
    waiting = "while [ ${waited:-0} -lt 180 ]; do if docker ps | grep -q app; then break; fi; sleep 1; done\n"
    assert 20 == sum(ran.program == "sleep" for ran in followed(waiting * 20).ran)
