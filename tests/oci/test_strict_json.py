"""Strict JSON: one reading for everybody, in bounded time, whatever comes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import cpu_seconds, read_or_refused, steady
from tests.oci.strategies import json_objects
from wharf.errors import MalformedJson, WharfError
from wharf.oci.strict_json import DEEPEST, LONGEST_NUMBER, JsonValue, kind_of, parse_object

SIZE = 1_000_000
ENORMOUS = {
    "open arrays": b"[" * SIZE,
    "open objects": b'{"a":' * (SIZE // 5),
    "empty arrays": b'{"a":[' + b"[]," * (SIZE // 3) + b"1]}",
    "escaped quotes": b'"' + b'\\"' * (SIZE // 2),
    "quotes": b'"' * SIZE,
    "backslashes": b"\\" * SIZE,
    "escapes": b'{"a":"' + b"\\n" * (SIZE // 2) + b'"}',
    "surrogate pairs": b'{"a":"' + b"\\ud83d\\ude00" * (SIZE // 12) + b'\\ud83d"}',
    "one integer": b'{"a":' + b"1" * SIZE + b"}",
    "one fraction": b'{"a":1.' + b"1" * SIZE + b"}",
    "one exponent": b'{"a":1e' + b"1" * SIZE + b"}",
    "one name again and again": b"{" + b'"a":1,' * (SIZE // 6) + b'"b":2}',
    "white space": b" " * SIZE,
    "bytes that are no text": b"\xff" * SIZE,
    "zeros": b"\x00" * SIZE,
    "one long text": b'{"a":"' + b"A" * SIZE + b'"}',
}


def refused(raw: bytes) -> MalformedJson:
    with pytest.raises(MalformedJson) as caught:
        parse_object(raw)
    return caught.value


def nested(depth: int) -> bytes:
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def test_an_object_is_read() -> None:
    raw = b' {"a": [1, -2.5, "x", true, false, null], "b": {}}\n'
    assert {"a": [1, -2.5, "x", True, False, None], "b": {}} == parse_object(raw)


@pytest.mark.parametrize(
    ("raw", "found"),
    [(b"[]", "an array"), (b"null", "null"), (b"1", "a number"), (b"1.5", "a number"), (b'"x"', "a string"),
     (b"true", "a boolean")],
)  # fmt: skip
def test_only_an_object_is_a_document(raw: bytes, found: str) -> None:
    assert f"expected a JSON object, found {found}" == refused(raw).reason


def test_an_object_is_called_so_in_messages() -> None:
    assert "an object" == kind_of({})


@pytest.mark.parametrize("raw", [b"", b"{", b"{} {}", b"{'a': 1}", b'{"a":1,}', b'{"a":01}', b'{"a":"\t"}', b"\x00{}"])
def test_what_is_no_json_is_refused_with_its_place(raw: bytes) -> None:
    assert refused(raw).where.startswith("line 1, column ")


def test_the_place_counts_lines() -> None:
    assert "line 3, column 8" == refused(b'{\n  "a": 1,\n  "b": \n}'.replace(b": \n}", b": ?}")).where


def test_a_name_may_not_stand_twice_in_one_object() -> None:
    assert 'the name "size" stands twice in one object' == refused(b'{"x": {"size": 1, "a": 2, "size": 3}}').reason


def test_a_name_that_is_escaped_is_the_same_name() -> None:
    assert "stands twice" in refused(rb'{"a": 1, "\u0061": 2}').reason


def test_a_name_that_is_no_text_may_not_stand_twice_either() -> None:
    assert "stands twice" in refused(rb'{"\ud800": 1, "\ud800": 2}').reason


def test_one_name_may_stand_in_two_objects() -> None:
    assert {"a": {"a": 1}} == parse_object(b'{"a": {"a": 1}}')


def test_the_deepest_nesting_is_read() -> None:
    assert isinstance(read_or_refused(parse_object, nested(DEEPEST)), dict)


def test_deeper_nesting_is_refused() -> None:
    assert f"nested deeper than {DEEPEST} levels" == refused(nested(DEEPEST + 1)).reason


@pytest.mark.parametrize("text", ["[" * 200, '\\"' + "[" * 200, "{[" * 100 + "\\\\"])
def test_brackets_in_texts_are_no_nesting(text: str) -> None:
    assert parse_object(f'{{"a": "{text}"}}'.encode())


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_numbers_that_are_none_are_refused(number: bytes) -> None:
    assert f"{number.decode()} is not JSON" == refused(b'{"a": ' + number + b"}").reason


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1." + "1" * LONGEST_NUMBER])
def test_fractions_out_of_reach_are_refused(number: str) -> None:
    assert "a number too large or too long to be read" == refused(f'{{"a": {number}}}'.encode()).reason


def test_a_long_integer_is_read() -> None:
    assert {"a": 10**LONGEST_NUMBER - 1} == parse_object(b'{"a": ' + b"9" * LONGEST_NUMBER + b"}")


def test_an_integer_of_thousands_of_digits_is_refused() -> None:
    assert "a number of 5000 digits" in refused(b'{"a": ' + b"9" * 5000 + b"}").reason


def test_a_byte_order_mark_is_refused() -> None:
    assert "byte order mark" in refused(b"\xef\xbb\xbf{}").reason


@pytest.mark.parametrize("raw", [b'{"a": "\xff"}', b'{"a": "\xed\xa0\x80"}', b'{"a": "\xc0\x80"}', b'{"a": "\xc3"}'])
def test_what_is_not_utf8_is_refused_with_its_place(raw: bytes) -> None:
    assert "byte 7" == refused(raw).where


@pytest.mark.parametrize("escape", [r"\ud800", r"\uDFFF", r"\ud800\ud800", r"\ud800x", r"\ude00\ud83d", r"\u0000"])
def test_half_characters_and_nul_are_refused(escape: str) -> None:
    assert "half of a surrogate pair" in refused(f'{{"a": "{escape}"}}'.encode()).reason


def test_the_place_of_a_half_character_counts_characters() -> None:
    assert "line 2, column 4" == refused('{"a":\n "ü\\ud800"}'.encode()).where


@pytest.mark.parametrize(
    ("escape", "text"),
    [(r"\ud83d\ude00", "\U0001f600"), (r"\\ud800", r"\ud800"), (r"\\u0000", r"\u0000"), (r"\u0001", "\x01")],
)
def test_whole_characters_are_read_however_they_are_written(escape: str, text: str) -> None:
    assert {"a": text} == parse_object(f'{{"a": "{escape}"}}'.encode())


@pytest.mark.slow
@given(json_objects, st.booleans())
@steady
def test_every_document_reads_as_what_was_written(document: dict[str, JsonValue], escaped: bool) -> None:
    assert document == parse_object(json.dumps(document, ensure_ascii=escaped).encode())


_pieces = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u", b"d800", b"0000", b":", b",", b"1", b"-", b".", b"e9", b"NaN",
     b"true", b"null", b'"a":', b"\n", b"\xff", b"\xef\xbb\xbf", b"\xc3\xa9"]
)  # fmt: skip


@given(st.binary() | st.lists(_pieces, max_size=30).map(b"".join))
@steady
def test_any_bytes_are_read_as_json_reads_them_or_refused(raw: bytes) -> None:
    read = read_or_refused(parse_object, raw)
    assert isinstance(read, WharfError) or read == json.loads(raw)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ENORMOUS)
def test_a_megabyte_of_anything_is_settled_in_bounded_time(kind: str) -> None:
    assert cpu_seconds(parse_object, ENORMOUS[kind]) < 5
