"""The audit log from the command line."""

import json
import select
import subprocess
import sys
from typing import Any

import pytest

from tests.cli.office import Office

pytestmark = pytest.mark.slow


def test_what_was_changed_is_told_with_who_and_from_where(office: Office) -> None:
    office.done("admin", "service", "create", f"{office.org}+ci", "--role", "writer")
    told = office.done("admin", "audit", office.org)
    assert f"  admin  service.create  {office.name}+ci\n" in told
    assert "from 127.0.0.1 with password\n" in told


def test_for_machines_one_object_stands_on_each_line(office: Office) -> None:
    office.done("admin", "service", "create", f"{office.org}+ci", "--role", "writer")
    rows = [json.loads(line) for line in office.done("admin", "audit", office.org, "--json").splitlines()]
    assert ["organisation.create", "service.create"] == [row["action"] for row in rows if "member" not in row["action"]]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)


def test_an_action_or_its_family_can_be_asked_for(office: Office) -> None:
    office.done("admin", "service", "create", f"{office.org}+ci", "--role", "writer")
    for action in ("service", "service.create"):
        told = office.done("admin", "audit", office.org, "--action", action)
        assert "service.create" in told
        assert "organisation.create" not in told


def test_the_last_ones_stand_in_the_order_of_what_happened(office: Office) -> None:
    for name in ("a", "b", "c"):
        office.done("admin", "service", "create", f"{office.org}+{name}", "--role", "reader")
    told = office.done("admin", "audit", office.org, "--last", "2", "--action", "service")
    assert told.index(f"{office.name}+b") < told.index(f"{office.name}+c")
    assert f"{office.name}+a" not in told


def test_what_is_older_than_asked_for_is_left_out(office: Office) -> None:
    assert "" == office.done("admin", "audit", office.org, "--until", "2026-01-01")


def test_whoever_follows_sees_what_happens_from_then_on(office: Office) -> None:
    command = [sys.executable, "-m", "wharf", "admin", "audit", office.org, "--follow", "--last", "1", "--json"]
    surroundings = {"DOCKER_CONFIG": str(office.desk.home.config.parent), "PATH": ""}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=surroundings) as following:
        try:
            before = _row(following)
            office.done("admin", "service", "create", f"{office.org}+ci", "--role", "reader")
            after = _row(following)
        finally:
            following.terminate()
            following.wait()
    assert "service.create" == after["action"]
    assert before["id"] < after["id"]


def test_the_log_of_the_registry_is_for_its_administrators(office: Office) -> None:
    office.done("admin", "audit", office.host, "--last", "1")
    office.leave()
    assert 6 == office.wharf("admin", "audit", office.host).code


def _row(following: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert following.stdout is not None
    readable, _, _ = select.select([following.stdout], [], [], 120)
    assert readable, "nothing was told"
    row: dict[str, Any] = json.loads(following.stdout.readline())
    return row
