import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import each
from tests.oci.hostile import steady
from wharf.doctor.plain_toml import plain_rows

HEADS = {
    file.name: file.read_text(encoding="utf-8").partition("\n[[causes]]\n")[0]
    for file in files("wharf.doctor").joinpath("signatures").iterdir()
    if file.name.endswith(".toml")
}
WITH_ROWS = {name: head for name, head in HEADS.items() if "\n[[patterns]]\n" in head}


def rows_of(head: str) -> list[dict[str, object]] | None:
    return plain_rows(head[head.index("\n[[patterns]]\n") :], "patterns")


@each("name", WITH_ROWS)
def test_the_catalogue_is_read_as_toml_reads_it(name: str) -> None:
    rows = rows_of(WITH_ROWS[name])
    assert rows is None or tomllib.loads(WITH_ROWS[name])["patterns"] == rows


def test_most_of_the_catalogue_is_as_plain_as_that() -> None:
    plain = [rows_of(head) is not None for head in WITH_ROWS.values()]
    assert 0.8 < sum(plain) / len(plain)


@pytest.mark.parametrize(
    "text",
    [
        'text = "a"',
        "[[rows]]\ntext = 'a' # why",
        '[[rows]]\ntext = "a\\n"',
        '[[rows]]\ntext = """a"""',
        "[[rows]]\ntext = '''a'''",
        '[[rows]]\ntext = "a"\ntext = "b"',
        '[[rows]]\nnumber = 1',
        '[[rows]]\n[rows.more]',
        '[[rows]]\nlist = ["a" "b"]',
        '[[rows]]\nlist = ["a", 1]',
    ],
)  # fmt: skip
def test_what_is_less_plain_is_left_to_others(text: str) -> None:
    assert plain_rows(text, "rows") is None


@given(
    st.lists(
        st.sampled_from(
            ["[[rows]]", 'a = "x, y"', "b = 'z\\'", 'c = ["p", "q"]', "c = []", "# no", "", 'd = "', 'e = ["a,b"]']
        )
    )
)
@steady
def test_whatever_is_read_is_what_toml_says(lines: list[str]) -> None:
    text = "\n".join(lines)
    rows = plain_rows(text, "rows")
    assert rows is None or tomllib.loads(text).get("rows", []) == rows
