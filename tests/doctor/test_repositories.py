"""Whole repositories: each defect is found at its place and nothing else is; a healthy one is left in peace."""

from pathlib import Path

import pytest

from tests.doctor.repositories import GRAVE, Place, checkout_in, examined, expectations, repositories, told

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("folder", repositories("defects"), ids=lambda path: path.name)
def test_what_is_wrong_with_it_is_found_and_nothing_else(folder: Path) -> None:
    result = examined(checkout_in(folder))
    expected = expectations(folder).places
    grave = {Place.of(each) for each in result.of(*GRAVE)}
    found = {Place.of(each) for each in result.found}

    assert expected, "expected.toml names no finding"
    assert [] == sorted(map(str, expected - found)), f"not found; but:\n{told(result.found)}"
    assert [] == sorted(map(str, grave - expected)), f"a false alarm:\n{told(result.of(*GRAVE))}"


@pytest.mark.parametrize("folder", repositories("healthy"), ids=lambda path: path.name)
def test_a_healthy_one_is_left_in_peace(folder: Path) -> None:
    grave = examined(checkout_in(folder)).of(*GRAVE)

    assert () == grave, told(grave)
