"""How token services say no."""

import pytest

from wharf.protocol.token_refusal import is_about_the_grant, said_in


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"errors": [{"code": "DENIED", "message": "no"}, {"code": "X"}, 5]}', ("DENIED: no", "X")),
        (b'{"error": "invalid_grant", "error_description": "expired"}', ("invalid_grant: expired",)),
        (b'{"details": "incorrect username or password"}', ("incorrect username or password",)),
        (b'{"message": "no", "errors": "x"}', ("no",)),
        (b'{"message": "two\\nlines"}', ("two\\nlines",)),
        (b"<html>", ()),
        (b"", ()),
        (b"[]", ()),
    ],
)
def test_the_words_of_a_refusal_are_found(body: bytes, said: tuple[str, ...]) -> None:
    assert said == said_in(body, ())


def test_a_secret_in_it_is_cut_out() -> None:
    assert ("user a, password …",) == said_in(b'{"message": "user a, password hunter2"}', ["hunter2", ""])


def test_a_line_with_a_tiny_secret_is_not_shown() -> None:
    assert ("…",) == said_in(b'{"message": "wrong: p"}', ["p"])


def test_of_many_words_a_few_are_shown() -> None:
    body = b'{"errors": [' + b",".join([b'{"code": "A", "message": "b"}'] * 100) + b"]}"
    assert 5 == len(said_in(body, ()))


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (b'{"error": "unsupported_grant_type"}', True),
        (b'{"errors": [{"code": "UNSUPPORTED"}]}', True),
        (b'{"error": "invalid_grant"}', False),
        (b"", False),
    ],
)
def test_an_unknown_kind_of_request_is_told_apart_from_a_refused_caller(body: bytes, about: bool) -> None:
    assert about is is_about_the_grant(body)
