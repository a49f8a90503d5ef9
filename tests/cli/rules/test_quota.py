"""Quotas from the command line, at a registry with accounts."""

import pytest

from tests.cli.office import Office

pytestmark = pytest.mark.slow


def test_a_quota_is_set_shown_and_ended(office: Office) -> None:
    assert f"{office.org}: 0 B used, with no quota\n" == office.done("admin", "quota", "show", office.org)
    assert f"{office.org}: 0 B used of 1.0 MiB (0 %)\n" == office.done("admin", "quota", "set", office.org, "1MiB")
    told = office.told("admin", "quota", "show", office.org)
    assert {"owner": office.name, "bytes": 1 << 20, "used": 0} == told
    assert f"{office.org}: no quota\n" == office.done("admin", "quota", "delete", office.org)


def test_what_is_no_size_is_said_to_be_none(office: Office) -> None:
    outcome = office.wharf("admin", "quota", "set", office.org, "much")
    assert 2 == outcome.code
    assert "'much' is not a size such as 500MB, 50GB, 20GiB" in outcome.err
