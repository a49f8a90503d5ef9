"""The check at a wharf registry with accounts: its API of packages tells what arrived, and takes it away again."""

import pytest

from tests.cli.office import PASSWORD, Office

pytestmark = pytest.mark.slow


def test_the_packages_api_is_asked_with_a_password(office: Office) -> None:
    said = office.done("check", f"{office.org}/probe")
    assert f"1 package of {office.name}: probe/wharf-check (private)" in " ".join(said.split())
    assert "nothing of it is left" in said


def test_the_packages_api_is_asked_with_a_token(office: Office) -> None:
    office.done("login", office.host, "-u", "admin", "--password-stdin", piped=PASSWORD)
    said = office.done("check", f"{office.org}/probe")
    assert f"1 package of {office.name}: probe/wharf-check (private)" in " ".join(said.split())
