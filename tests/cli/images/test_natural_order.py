import pytest

from wharf.cli.images.natural_order import natural_key


@pytest.mark.parametrize(
    "names",
    [
        ["1.9", "1.10", "2.0"],
        ["2.0-rc1", "2.0-rc2", "2.0", "2.0.1"],
        ["1.0-alpha.2", "1.0-alpha.10", "1.0-beta", "1.0", "1.0-alpine"],
        ["v1.2.0-SNAPSHOT", "v1.2.0", "v1.10.0"],
        ["1.0a1", "1.0b1", "1.0", "1.0.1"],
        ["1.0", "latest", "stable"],
        ["20261031", "20261101"],
        ["sha-453a654", "sha-453b000"],
        ["A", "a"],
        ["01", "1"],
    ],
)
def test_names_stand_as_people_expect_them(names: list[str]) -> None:
    others_first = names[::-1]
    assert names == sorted(others_first, key=natural_key)


def test_two_different_names_never_count_as_one() -> None:
    names = ["1", "01", "001", "a", "A", "1.0", "1.00"]
    assert len(names) == len({natural_key(name) for name in names})


def test_a_number_as_long_as_a_tag_is_a_number() -> None:
    assert natural_key("9" * 127) < natural_key("9" * 128)
