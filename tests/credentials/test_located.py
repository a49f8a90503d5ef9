"""JSON with places: all that is well is read as json reads it, and what is not is told without quoting it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, steady
from wharf.credentials.located import Located, read_located
from wharf.oci.strict_json import JsonValue

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(_TEXTS, _VALUES, max_size=5)


def plain(value: Located) -> object:
    return {one.name: plain(one.value) for one in value.members} if value.is_object else value.content


@pytest.mark.slow
@given(documents, st.sampled_from([None, 2, "\t"]))
@steady
def test_it_reads_what_json_reads(document: dict[str, JsonValue], indent: int | str | None) -> None:
    text = json.dumps(document, indent=indent)
    reading = read_located(text)
    assert (document, ()) == (plain(reading.root), reading.faults)


@pytest.mark.slow
@given(documents)
@steady
def test_each_value_knows_its_place(document: dict[str, JsonValue]) -> None:
    text = json.dumps(document, indent=1)
    for member in read_located(text).root.members:
        assert json.loads(text[member.value.start : member.value.end]) == document[member.name]


@pytest.mark.parametrize(
    ("text", "fault", "kept"),
    [
        ('{"a": 1,}', 'line 1, column 8: a comma too many', {"a": 1}),
        ('{"a": {"b": 1,},\n "c": 2}', "line 1, column 14: a comma too many", {"a": {"b": 1}, "c": 2}),
        ('{"a": 1} {}', "line 1, column 10: something stands after the end of the document", {"a": 1}),
        ('{"a": 1\n "b": 2}', 'line 2, column 2: not JSON: expected "," or "}"', {"a": 1}),
        ('{"a": 1, b: 2}', 'line 1, column 10: not JSON: expected a name in quotes, or "}"', {"a": 1}),
        ('{"a": 1, "b" 2}', 'line 1, column 14: not JSON: expected ":" after a name', {"a": 1}),
        ('{"a": 1, "b": two}', "line 1, column 15: not JSON: expecting value", {"a": 1, "b": None}),
        ('{"a": {"b": 1', 'line 1, column 14: not JSON: expected "," or "}"', {"a": {"b": 1}}),
        ('{"a": NaN}', "line 1, column 7: a value that cannot be read", {"a": None}),
        ("[1, 2]", "line 1, column 1: expected an object, found an array", {}),
        ("auths:", "line 1, column 1: not JSON: expecting value", {}),
    ],
)  # fmt: skip
def test_a_fault_has_a_place_and_what_stands_before_it_is_kept(text: str, fault: str, kept: object) -> None:
    reading = read_located(text)
    assert ([fault], kept) == ([str(each) for each in reading.faults], plain(reading.root))


def test_what_is_cut_short_is_known_as_such() -> None:
    auths = read_located('{"auths": {"a": {"auth": "x"}, "b": {"auth": "y"').root.members[0].value
    assert [True, False] == [entry.value.whole for entry in auths.members]


@pytest.mark.parametrize("text", ["", "  \r\n\t "])
def test_an_empty_file_is_an_empty_object(text: str) -> None:
    assert ((), ()) == (read_located(text).root.members, read_located(text).faults)


@pytest.mark.parametrize(
    ("text", "value"),
    [('{"a": 1, "a": 2}', 2), ('{"A": 1}', 1), ('{"a": 1, "A": 2}', 1), ('{"A": 1, "a": null}', None)],
)
def test_a_name_is_found_as_docker_finds_it(text: str, value: object) -> None:
    member = read_located(text).root.named("a")
    assert member is not None
    assert value == member.value.content


def test_a_secret_is_neither_in_faults_nor_in_what_is_shown() -> None:
    reading = read_located('{"auths": {"a": {"auth": "c2VzYW1l"}, "password": "open-sesame\n"}}')
    assert reading.faults
    assert not {"c2VzYW1l", "open-sesame"} & set(repr(reading).replace("'", " ").split())


@pytest.mark.parametrize("name", ENORMOUS_TEXTS)
def test_enormous_input_takes_little_time(name: str) -> None:
    assert cpu_seconds(read_located, ENORMOUS_TEXTS[name]) < 1
    assert cpu_seconds(read_located, f'{{"a": "{ENORMOUS_TEXTS[name]}') < 1


@pytest.mark.parametrize("text", ['{"a":' * 100_000, '{"a": ' + "[" * 100_000, '{"a":1,' * 100_000])
def test_nesting_without_end_is_refused(text: str) -> None:
    assert read_located(text).faults
