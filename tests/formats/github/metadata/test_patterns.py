import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.github.metadata.pattern_match import match_text
from wharf.formats.github.metadata.pattern_tree import PatternNotKnown, PatternRefused

_REFUSED = [
    *(
        (source, "")
        for source in ("(", ")", "*", "a++", "a{2,1}", "[b-a]", "[", "\\", "(?<n", r"(?<n>a)\k<m>", "(?<=a)*")
    ),
    *(("a", "x"), ("a", "gg"), ("{", "u"), (r"\-", "u")),
]


@pytest.mark.parametrize(
    ("source", "flags", "text", "expected"),
    [
        (r"v(\d+)\.(\d+)", "", "p1/v1.20", ("v1.20", "1", "20")),
        ("V(.*)", "i", "v1", ("v1", "1")),
        (r"\d", "g", "a1b2", ("1", "2")),
        ("(a)|(b)", "", "b", ("b", None, "b")),
        ("^b$", "m", "a\nb", ("b",)),
        ("^b$", "", "a\nb", None),
        ("b", "y", "ab", None),
        ("(?<=v)1", "", "v1", ("1",)),
        ("(?<!v)1", "", "v1", None),
        (r"(?<maj>\d+)\.\k<maj>", "", "1.1", ("1.1", "1")),
        ("(?:(a)|b)*", "", "ab", ("ab", None)),
        ("(z)((a+)?(b+)?(c))*", "", "zaacbbbcac", ("zaacbbbcac", "z", "ac", "a", None, "c")),
        ("a{,2}", "", "a{,2}", ("a{,2}",)),
        ("x*?y??", "", "xy", ("",)),
        ("[]", "", "a", None),
        ("[^]", "", "\n", ("\n",)),
        (r"\1(a)", "", "a", ("a", "a")),
        (r"[\w-a]+", "", "b-a", ("b-a",)),
        (r"\p{L}+", "u", "é1", ("é",)),
        (".", "", "\N{SNAKE}", ("\ud83d",)),
        (".", "u", "\N{SNAKE}", ("\N{SNAKE}",)),
        ("", "", "a", ("",)),
    ],
)
def test_patterns_match_as_in_javascript(
    source: str, flags: str, text: str, expected: tuple[str | None, ...] | None
) -> None:
    assert expected == match_text(source, flags, text)


@pytest.mark.parametrize(("source", "flags"), _REFUSED)
def test_what_javascript_refuses_is_refused(source: str, flags: str) -> None:
    with pytest.raises((PatternRefused, PatternNotKnown)):
        match_text(source, flags, "a")


def test_a_pattern_that_would_never_end_is_given_up() -> None:
    with pytest.raises(PatternNotKnown):
        match_text("(a+)+$", "", "a" * 40 + "b")


@pytest.mark.parametrize("source", ["(" * 100 + ")" * 100, "((a{999}){999}){999}", "a" * 3000, "a{999999999}"])
def test_a_pattern_that_is_too_large_is_given_up(source: str) -> None:
    with pytest.raises(PatternNotKnown):
        match_text(source, "", "a")


@settings(max_examples=100)
@given(st.text(alphabet="ab1(|)[]^$*+?{},.\\dwk<>=!:-u", max_size=15), st.text(alphabet="ab1-\n", max_size=8))
def test_any_pattern_matches_or_is_refused(source: str, text: str) -> None:
    try:
        found = match_text(source, "", text)
    except (PatternRefused, PatternNotKnown):
        return
    assert found is None or (found[0] is not None and found[0] in text)
