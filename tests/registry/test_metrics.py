"""What Prometheus is told, by the parent, of what the workers did."""

import contextlib
import http.client
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from wharf.errors import AddressTaken, SettingRefused
from wharf.oci.digest import Digest
from wharf.registry.metrics import metrics_of
from wharf.registry.metrics_port import Gathered
from wharf.registry.services.statistics.meter import Meter, Readings
from wharf.registry.settings import load_settings
from wharf.testing.registry_process import RegistryProcess, free_port

NAME = "crew/app"


def told(port: int) -> dict[str, float]:
    """By name and labels: `wharf_requests_total{GET,2xx}`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {f"{sample.name}{{{','.join(sample.labels.values())}}}": sample.value for sample in samples}


def eventually(port: int, condition: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    deadline = time.monotonic() + 120
    while not condition(found := told(port)):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RegistryProcess, int]]:
    port = free_port()
    data = tmp_path_factory.mktemp("metrics") / "data"
    with RegistryProcess(data, "--workers", "2", "--metrics-listen", f"127.0.0.1:{port}") as registry:
        yield registry, port


@pytest.mark.slow
def test_what_two_workers_did_is_told_together(running: tuple[RegistryProcess, int]) -> None:
    registry, port = running
    connection = http.client.HTTPConnection(registry.host, timeout=60)
    content = b"a layer" * 1000
    connection.request("POST", f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(content)}", content)
    connection.getresponse().read()
    for _ in range(3):
        connection.request("GET", f"/v2/{NAME}/blobs/{Digest.of(content)}")
        assert content == connection.getresponse().read()
    connection.close()
    found = eventually(port, lambda metrics: metrics.get("wharf_sent_bytes_total{}", 0) >= 3 * len(content))
    assert found["wharf_received_bytes_total{}"] == len(content)
    assert found["wharf_requests_total{POST,2xx}"] == 1
    answered = sum(value for name, value in found.items() if name.startswith("wharf_requests_total{GET,"))
    assert found["wharf_request_seconds_count{GET}"] == answered
    eventually(port, lambda metrics: metrics["wharf_workers{}"] == 2)


@pytest.mark.slow
def test_how_much_is_stored_is_told(running: tuple[RegistryProcess, int]) -> None:
    found = eventually(running[1], lambda metrics: "wharf_stored_bytes{}" in metrics)
    assert {"wharf_stored_blobs{}", "wharf_stored_manifests{}", "wharf_stored_repositories{}"} <= found.keys()


@pytest.mark.slow
def test_readers_who_stop_in_the_middle_hold_nobody_up_and_are_let_go(running: tuple[RegistryProcess, int]) -> None:
    """More of them than the process could ever have threads or files for."""
    registry, port = running
    with contextlib.ExitStack() as dawdling:
        for number in range(300):
            wire = dawdling.enter_context(socket.create_connection(("127.0.0.1", port), timeout=120))
            wire.sendall(b"GET /metrics HTTP/1.1\r\n" if number % 2 else b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        assert eventually(port, lambda metrics: metrics["wharf_workers{}"] == 2)
        assert eventually_few_threads(registry.pid)
    assert eventually(port, lambda metrics: metrics["wharf_workers{}"] == 2)
    assert "Traceback" not in registry.log_tail()


def eventually_few_threads(pid: int) -> bool:
    deadline = time.monotonic() + 120
    while len(list(Path(f"/proc/{pid}/task").iterdir())) > 40:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return True


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    settings = load_settings({"data": str(tmp_path), "metrics-listen": f"127.0.0.1:{free_port()}"}, {}, None)
    with metrics_of(settings) as line:
        assert line is not None
        with pytest.raises(AddressTaken) as refused, metrics_of(settings):
            pass
    assert "--metrics-listen" in refused.value.diagnostics().next_step


def test_the_registrys_own_port_is_refused(tmp_path: Path) -> None:
    settings = load_settings(
        {"data": str(tmp_path), "listen": "127.0.0.1:5000", "metrics-listen": "127.0.0.1:5000"}, {}, None
    )
    with pytest.raises(SettingRefused), metrics_of(settings):
        pass


def test_without_an_address_nothing_is_served(tmp_path: Path) -> None:
    with metrics_of(load_settings({"data": str(tmp_path)}, {}, None)) as line:
        assert line is None


def test_what_a_worker_did_that_ended_is_still_counted() -> None:
    gathered = Gathered()
    for worker in (1, 2):
        meter = Meter()
        meter.served("GET", "/v2/", 200, 0.1, 0, 2)
        readings = meter.taken()
        readings.worker = worker
        gathered.add(readings, now=0.0)
    families = {family.name: family for family in gathered.collect()}
    assert [2] == [sample.value for sample in families["wharf_requests"].samples]
    assert [0] == [sample.value for sample in families["wharf_workers"].samples]


def test_the_buckets_of_a_histogram_hold_those_before_them() -> None:
    meter, gathered = Meter(), Gathered()
    for seconds in (0.0005, 0.2, 100.0):
        meter.served("GET", "/", 200, seconds, 0, 0)
    gathered.add(meter.taken(), now=0.0)
    families = {family.name: family for family in gathered.collect()}
    buckets = {
        sample.labels["le"]: sample.value
        for sample in families["wharf_request_seconds"].samples
        if sample.name.endswith("_bucket")
    }
    assert (1, 1, 2, 2, 3) == tuple(buckets[bound] for bound in ("0.001", "0.1", "0.25", "60.0", "+Inf"))


def test_no_name_of_anybody_is_told() -> None:
    meter = Meter()
    meter.served("BREW", "/v2/secret/app/manifests/latest", 404, 0.1, 0, 0)
    assert b"secret" not in meter.taken().to_wire()


def test_readings_arrive_as_they_were_sent() -> None:
    meter = Meter()
    meter.served("PUT", "/v2/crew/app/manifests/v1", 201, 0.02, 500, 0)
    meter.pulled(3)
    readings = meter.taken()
    assert readings == Readings.from_wire(readings.to_wire())
    assert {"pushes": 1, "pulls": 3, "received": 500, "sent": 0} == readings.plain
