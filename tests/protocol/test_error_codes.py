"""The table of errors: the specification's codes, and the body that carries them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import steady
from tests.oci.strategies import json_values
from wharf.oci.strict_json import JsonValue
from wharf.protocol import error_codes
from wharf.protocol.error_codes import ErrorCode, WireError, error_body

SPECIFIED = {
    "BLOB_UNKNOWN": 404,
    "BLOB_UPLOAD_INVALID": 400,
    "BLOB_UPLOAD_UNKNOWN": 404,
    "DIGEST_INVALID": 400,
    "MANIFEST_BLOB_UNKNOWN": 404,
    "MANIFEST_INVALID": 400,
    "MANIFEST_UNKNOWN": 404,
    "NAME_INVALID": 400,
    "NAME_UNKNOWN": 404,
    "SIZE_INVALID": 400,
    "UNAUTHORIZED": 401,
    "DENIED": 403,
    "UNSUPPORTED": 405,
    "TOOMANYREQUESTS": 429,
}


def test_all_codes_of_the_specification_are_there_with_their_status() -> None:
    assert SPECIFIED == {row.code: row.status for row in error_codes.SPECIFIED}


@pytest.mark.parametrize(("row", "status"), [(error_codes.STORE_FULL, 507), (error_codes.INTERNAL, 500)])
def test_wharf_has_rows_where_the_specification_has_none(row: ErrorCode, status: int) -> None:
    assert (status, False) == (row.status, row.code in SPECIFIED)


def test_every_row_of_the_module_is_in_the_table() -> None:
    assert {row for row in vars(error_codes).values() if isinstance(row, ErrorCode)} == set(error_codes.TABLE)


@pytest.mark.parametrize("row", error_codes.TABLE, ids=lambda row: row.code)
def test_every_row_says_what_it_means(row: ErrorCode) -> None:
    assert row.code.isupper()
    assert row.message
    assert row.description.endswith(".")


def test_every_code_has_one_row() -> None:
    assert len(error_codes.TABLE) == len({row.code for row in error_codes.TABLE})


def test_a_body_has_the_form_of_the_specification() -> None:
    expected = {
        "errors": [{"code": "NAME_UNKNOWN", "message": "repository name not known to registry", "detail": None}]
    }
    assert expected == json.loads(error_body([error_codes.NAME_UNKNOWN]))


def test_a_body_may_have_words_and_details_of_its_own() -> None:
    missing = [WireError(error_codes.MANIFEST_BLOB_UNKNOWN, "no config", {"digest": digest}) for digest in ("a", "b")]
    expected = [
        {"code": "MANIFEST_BLOB_UNKNOWN", "message": "no config", "detail": {"digest": digest}} for digest in ("a", "b")
    ]
    assert expected == json.loads(error_body(missing))["errors"]


@given(st.text(min_size=1), json_values)
@steady
def test_any_text_can_be_said_in_a_body(message: str, detail: JsonValue) -> None:
    (entry,) = json.loads(error_body([WireError(error_codes.INTERNAL, message, detail)]))["errors"]
    assert (message, detail) == (entry["message"], entry["detail"])
