"""Challenges: read as HTTP allows them, written as the strictest client wants them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, read_or_refused, steady
from wharf.errors import MalformedHeader, WharfError
from wharf.protocol.challenge import Challenge, parse_challenges

BEARER = Challenge(
    "Bearer", {"realm": "https://auth.example/token", "service": "r", "scope": "repository:a/b:pull,push"}
)
WRITTEN = 'Bearer realm="https://auth.example/token",service="r",scope="repository:a/b:pull,push"'


def refused(header: str) -> MalformedHeader:
    with pytest.raises(MalformedHeader) as caught:
        parse_challenges(header)
    return caught.value


def test_a_challenge_is_written_with_quotes() -> None:
    assert WRITTEN == str(BEARER)


def test_a_challenge_is_read() -> None:
    assert (BEARER,) == parse_challenges(WRITTEN)


@pytest.mark.parametrize(
    ("header", "challenges"),
    [
        ("", ()),
        (" , ,", ()),
        ("Basic", (Challenge("Basic"),)),
        ("Basic realm=simple", (Challenge("Basic", {"realm": "simple"}),)),
        ('Basic REALM = "x"', (Challenge("Basic", {"realm": "x"}),)),
        ('Basic realm=""', (Challenge("Basic", {"realm": ""}),)),
        (r'Basic realm="a \"b\" \\ c, d"', (Challenge("Basic", {"realm": r'a "b" \ c, d'}),)),
        ("Negotiate YWJj==", (Challenge("Negotiate", token68="YWJj=="),)),
        ("Negotiate, Basic", (Challenge("Negotiate"), Challenge("Basic"))),
        ("Negotiate YQ==, Basic realm=x", (Challenge("Negotiate", token68="YQ=="), Challenge("Basic", {"realm": "x"}))),
        ("A a=1, b=2,, C c=3 ,D", (Challenge("A", {"a": "1", "b": "2"}), Challenge("C", {"c": "3"}), Challenge("D"))),
    ],
)
def test_everything_that_http_allows_is_read(header: str, challenges: tuple[Challenge, ...]) -> None:
    assert challenges == parse_challenges(header)


@pytest.mark.parametrize(
    ("header", "place"),
    [('Bearer realm="x', 8), ('Bearer realm="x" service="y"', 8), ("=", 1), ('Basic realm="x", "y"', 18), ("a b c", 3)],
)
def test_what_is_no_challenge_is_refused_with_its_place(header: str, place: int) -> None:
    assert f"WWW-Authenticate, character {place}" == refused(header).where


def test_a_parameter_may_not_stand_twice() -> None:
    assert "the parameter realm stands twice" == refused('Basic realm="x", Realm="y"').reason


def test_a_header_has_an_end() -> None:
    assert "more than" in refused("a" * 20_000).reason


@pytest.mark.parametrize(
    ("scheme", "parameters", "token68"),
    [
        ("", {}, ""),
        ("Bad scheme", {}, ""),
        ("Basic", {"realm": "x\r\nSet-Cookie: a=b"}, ""),
        ("Basic", {"realm": "\u2603"}, ""),
        ("Basic", {"Realm": "x"}, ""),
        ("Basic", {"a b": "x"}, ""),
        ("Basic", {"realm": "x"}, "YQ=="),
        ("Basic", {}, "no token"),
    ],
)
def test_what_cannot_stand_in_a_header_is_no_challenge(scheme: str, parameters: dict[str, str], token68: str) -> None:
    with pytest.raises(MalformedHeader):
        Challenge(scheme, parameters, token68)


def test_challenges_can_be_members_of_sets() -> None:
    assert 1 == len({BEARER, *parse_challenges(WRITTEN)})


_tokens = st.from_regex(r"[!#$%&'*+.^_`|~0-9a-z-]{1,10}", fullmatch=True)
_values = st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("\t\xe9"), max_size=20)
_challenges = st.builds(Challenge, _tokens, st.dictionaries(_tokens, _values, max_size=3)) | st.builds(
    Challenge, _tokens, token68=st.from_regex(r"[A-Za-z0-9._~+/-]{1,10}={0,2}", fullmatch=True)
)


@pytest.mark.slow
@given(st.lists(_challenges, max_size=3).map(tuple))
@steady
def test_challenges_survive_being_written_and_read(challenges: tuple[Challenge, ...]) -> None:
    assert challenges == parse_challenges(", ".join(str(each) for each in challenges))


_pieces = st.sampled_from(['"', "\\", "=", ",", " ", "Basic", "realm", "a=b", 'c="d"', "YQ==", "\n", "\x00", "é"])


@given(st.lists(_pieces, max_size=12).map("".join) | st.text())
@steady
def test_any_header_holds_challenges_with_one_form_or_is_refused(header: str) -> None:
    outcome = read_or_refused(parse_challenges, header)
    if not isinstance(outcome, WharfError):
        assert outcome == parse_challenges(", ".join(str(each) for each in outcome))
    else:
        assert isinstance(outcome, MalformedHeader)


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_an_enormous_header_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(parse_challenges, ENORMOUS_TEXTS[kind]) < 0.005


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_the_longest_header_is_settled_soon(kind: str) -> None:
    assert cpu_seconds(parse_challenges, ENORMOUS_TEXTS[kind][:16_000]) < 0.1
