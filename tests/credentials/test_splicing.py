"""Changing one value leaves every other character as it was."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.credentials.test_located import documents
from tests.oci.hostile import steady
from wharf.credentials.splicing import with_value, without
from wharf.oci.strict_json import JsonValue

_DENTS: st.SearchStrategy[int | str | None] = st.sampled_from([None, 1, 2, 4, "\t", "   \t"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '{\n\t"auths": {\n\t\t"a": {\n\t\t\t"auth": "x"\n\t\t}\n\t}\n}'),
        ("{}", '{\n\t"auths": {\n\t\t"a": {\n\t\t\t"auth": "x"\n\t\t}\n\t}\n}'),
        ('{"psFormat": "x"}', '{"psFormat": "x", "auths": {"a": {"auth": "x"}}}'),
        ('{"b":1,"auths":{}}', '{"b":1,"auths":{"a":{"auth":"x"}}}'),
        ('{"b": 1, "auths": {}}', '{"b": 1, "auths": {"a": {"auth": "x"}}}'),
        (
            '{\r\n  "auths": {\r\n    "b": {}\r\n  }\r\n}\r\n',
            '{\r\n  "auths": {\r\n    "b": {},\r\n    "a": {\r\n      "auth": "x"\r\n    }\r\n  }\r\n}\r\n',
        ),
        (
            '{\n    "auths": {}\n}\n',
            '{\n    "auths": {\n        "a": {\n            "auth": "x"\n        }\n    }\n}\n',
        ),
        ('{\n "auths": {"b": {}}\n}', '{\n "auths": {"b": {}, "a": {\n  "auth": "x"\n }}\n}'),
        ('{"auths": {"a": {"auth": "old", "email": "e"}}}', '{"auths": {"a": {"auth": "x", "email": "e"}}}'),
        ('{"Auths": {"a": {"Auth": "old"}}}', '{"Auths": {"a": {"Auth": "x"}}}'),
        ('{"auths": {"A": 1}}', '{"auths": {"A": 1, "a": {"auth": "x"}}}'),
        ('{"auths": null}', '{"auths": {"a": {"auth": "x"}}}'),
        ('{"auths": {"a": {"auth": "1", "auth": "2"}}}', '{"auths": {"a": {"auth": "1", "auth": "x"}}}'),
    ],
)
def test_a_value_is_put_where_it_belongs(before: str, after: str) -> None:
    assert after == with_value(before, ("auths", "a", "auth"), "x")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": 1}', "{}"),
        ('{"a": 1, "b": 1.50e3}', '{"b": 1.50e3}'),
        ('{"b": "\\u003c", "a": 1}', '{"b": "\\u003c"}'),
        ('{\n\t"b": 1,\n\t"a": {},\n\t"c": 3\n}\n', '{\n\t"b": 1,\n\t"c": 3\n}\n'),
        ('{"a": 1, "b": 2, "a": 3, "A": 4}', '{"b": 2}'),
        ('{"b": 2}', '{"b": 2}'),
        ("", ""),
    ],
)
def test_a_value_is_taken_away(before: str, after: str) -> None:
    assert after == without(before, ("a",))


@pytest.mark.slow
@given(documents, _DENTS, st.text(max_size=5), st.booleans())
@steady
def test_what_is_put_in_is_there_and_the_rest_keeps_its_order(
    document: dict[str, JsonValue], indent: int | str | None, name: str, crlf: bool
) -> None:
    assume(not any(other != name and other.casefold() == name.casefold() for other in document))
    text = written(document, indent, crlf=crlf)
    after = json.loads(with_value(text, (name,), {"auth": "x"}))
    assert list({**document, name: {"auth": "x"}}.items()) == list(after.items())


@pytest.mark.slow
@given(documents, _DENTS, st.booleans())
@steady
def test_what_is_added_and_taken_away_again_leaves_the_text_as_it_was(
    document: dict[str, JsonValue], indent: int | str | None, crlf: bool
) -> None:
    assume(document and "auths" not in map(str.casefold, document))
    text = written(document, indent, crlf=crlf)
    assert text == without(with_value(text, ("auths", "registry.example"), {}), ("auths",))


@pytest.mark.slow
@given(documents, _DENTS)
@steady
def test_each_member_can_be_taken_away(document: dict[str, JsonValue], indent: int | str | None) -> None:
    assume(len({name.casefold() for name in document}) == len(document))
    text = written(document, indent, crlf=False)
    for name in document:
        rest = {other: value for other, value in document.items() if other != name}
        assert list(rest.items()) == list(json.loads(without(text, (name,))).items())


def written(document: dict[str, JsonValue], indent: int | str | None, *, crlf: bool) -> str:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    return text.replace("\n", "\r\n") if crlf and "\n" in text else text
