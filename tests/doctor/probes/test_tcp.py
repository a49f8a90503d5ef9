from pathlib import Path

import pytest

from tests.client.raw_server import RawServer, good
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.lines import full_of_calls, hanging_up
from wharf.client.origin import Origin
from wharf.doctor.facts import FactName
from wharf.doctor.probes.tcp import tell_of_each
from wharf.doctor.reach.connecting import Call
from wharf.doctor.seen import Sighting
from wharf.testing.registry_process import free_port


def test_an_open_port(tmp_path: Path) -> None:
    with RawServer(good) as server:
        assert {"outcome": "open", "port": server.port, "some_address_dead": False} == known(
            world_about(tmp_path, server.host), "tcp"
        )


def test_a_port_that_nobody_listens_at(tmp_path: Path) -> None:
    facts = known(world_about(tmp_path, f"127.0.0.1:{free_port()}"), "tcp")

    assert "refused" == facts["outcome"]
    assert facts["other_port_open"] in {"none", "80", "443", "5000"}


def test_somebody_who_takes_no_more_calls(tmp_path: Path) -> None:
    with full_of_calls() as host:
        assert "hung" == known(world_about(tmp_path, host, patience=0.4), "tcp")["outcome"]


def test_somebody_who_hangs_up_at_the_first_words(tmp_path: Path) -> None:
    with hanging_up() as host:
        assert "reset" == known(world_about(tmp_path, host), "tcp")["outcome"]


def test_a_name_that_leads_nowhere_says_nothing_of_ports(tmp_path: Path) -> None:
    assert {} == known(world_about(tmp_path, "registry.invalid"), "tcp")


@pytest.mark.parametrize(
    ("calls", "some_dead"),
    [
        ({"192.0.2.1": Call.REFUSED, "192.0.2.2": Call.OPEN}, True),
        ({"192.0.2.1": Call.HUNG, "192.0.2.2": Call.OPEN}, True),
        ({"192.0.2.1": Call.OPEN, "192.0.2.2": Call.OPEN}, False),
        ({"192.0.2.1": Call.HUNG, "192.0.2.2": Call.HUNG}, False),
        ({"2001:db8::1": Call.UNREACHABLE, "192.0.2.2": Call.OPEN}, False),
        ({"::1": Call.REFUSED, "127.0.0.1": Call.OPEN}, False),
        ({}, False),
    ],
)
def test_a_name_of_several_addresses_of_which_one_is_dead(calls: dict[str, Call], *, some_dead: bool) -> None:
    sighting = Sighting("tcp")

    tell_of_each(sighting, Origin("https", "registry.example", 443), calls)

    assert some_dead == sighting.done().facts.known[FactName("tcp.some_address_dead")]
