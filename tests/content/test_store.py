"""The name of an upload: what was not made here is unknown, and no name leads anywhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import read_or_refused, steady
from wharf.content.store import UploadId
from wharf.errors import UploadUnknown
from wharf.oci.digest import Algorithm

TOKEN = "0123456789abcdef" * 2


@steady
@given(algorithm=st.sampled_from(Algorithm))
def test_a_fresh_name_is_read_again(algorithm: Algorithm) -> None:
    fresh = UploadId.fresh(algorithm)
    assert fresh == UploadId.parse(str(fresh))


@steady
@given(text=st.text(max_size=50) | st.from_regex(r"[0-9a-f]{31,33}(-sha(256|512))?\n?", fullmatch=True))
def test_any_text_is_a_name_as_it_stands_or_unknown(text: str) -> None:
    upload = read_or_refused(UploadId.parse, text)
    assert str(upload) == text if isinstance(upload, UploadId) else isinstance(upload, UploadUnknown)


@pytest.mark.parametrize(
    "text",
    ["", "..", f"../{TOKEN}", f"{TOKEN}/..", f"{TOKEN}\n", f"{TOKEN}\x00", TOKEN.upper(), f"{TOKEN}-sha256", "٠" * 32],
)
def test_what_only_looks_like_a_name_is_unknown(text: str) -> None:
    assert isinstance(read_or_refused(UploadId.parse, text), UploadUnknown)
