import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.formats.github.metadata.versions import python, semantic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v1.2.3", "1.2.3"),
        ("1.2.3-rc.1", "1.2.3-rc.1"),
        ("1.2.3+build.5", "1.2.3"),
        ("1.0.0-x-y.z", "1.0.0-x-y.z"),
        (" 1.2.3 ", "1.2.3"),
        ("v1.2", None),
        ("1.2.3.4", None),
        ("01.2.3", None),
        ("1.2.3-01", None),
        ("V1.2.3", None),
        ("99999999999999999.0.0", None),
    ],
)
def test_semantic_versions(text: str, expected: str | None) -> None:
    version = semantic(text)
    assert expected == (version.version if version else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2.3post1", "1.2.3.post1"),
        ("1.0dev4", "1.0.dev4"),
        ("1!2.3", "1!2.3"),
        ("1.0.A1", "1.0a1"),
        ("1.0c1.dev", "1.0rc1.dev0"),
        ("1.0-1", "1.0.post1"),
        ("v01.2", "1.2"),
        ("1.0+ab.1e3", "1.0+ab,1000"),
        ("20200110-RC2", "20200110rc2"),
        ("release1", None),
    ],
)
def test_versions_of_python(text: str, expected: str | None) -> None:
    version = python(text)
    assert expected == (version.clean if version else None)


@given(st.text(alphabet="0123456789.-+!vabcrdepost", max_size=30))
def test_any_text_is_a_version_or_none(text: str) -> None:
    assert (semantic(text) is None) or text.strip("v")[0].isdigit()
    assert (python(text) is None) or "." in text or text.strip("v")[0].isdigit()
