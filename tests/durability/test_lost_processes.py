"""One of the registry's processes dies alone: the others go on, or make room."""

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.durability.client import LOST, Client, RawWire, clients_of_both_workers
from tests.durability.processes import eventually, is_alive, is_held, workers
from tests.durability.store_view import StoreView
from tests.durability.threads import repeatedly
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess, is_ready

pytestmark = pytest.mark.slow

NAME = "crew/app"
ATTEMPTS = 500


def test_a_worker_that_is_shot_is_replaced_and_the_other_goes_on(registry: RegistryProcess) -> None:
    pushed: list[bytes] = []

    def push() -> None:
        cargo = secrets.token_bytes(2000)
        try:
            with Client(registry) as client:
                assert 201 == client.push(NAME, cargo).status
            pushed.append(cargo)
        except LOST:
            time.sleep(0.01)

    (lost, spared) = both_workers(registry)
    repeatedly(0.5, push, push)
    os.kill(lost, signal.SIGKILL)
    repeatedly(0.5, push, push, push)
    assert eventually(lambda: len(workers(registry)) == 2 and lost not in workers(registry))
    assert spared in workers(registry)
    first, other = clients_of_both_workers(registry)
    with first, other:
        for client in (first, other):
            assert pushed == [client.blob(NAME, Digest.of(cargo)).body for cargo in pushed]
    assert [] == StoreView(registry.data).flaws()


def test_an_upload_that_a_shot_worker_held_is_free_for_others(registry: RegistryProcess) -> None:
    cargo = secrets.token_bytes(3 << 20)
    both_workers(registry)
    with Client(registry) as client:
        place = client.begin(NAME)
    wire = RawWire.to(registry)
    wire.say("PATCH", place, f"Content-Length: {len(cargo)}", body=cargo[: 2 << 20])
    (file,) = (registry.data / "uploads").iterdir()
    assert eventually(lambda: file.stat().st_size >= 1 << 20)
    assert is_held(file)
    holder = holder_of(registry, str(file))
    os.kill(holder, signal.SIGKILL)
    assert eventually(lambda: not is_alive(holder))
    assert wire.is_closed()
    wire.close()
    with client_of_the_living(registry) as client:
        start = int(client.ask("GET", place).headers["Range"].partition("-")[2]) + 1
        assert 202 == client.append(place, cargo[start:], start).status
        assert 201 == client.finish(place, Digest.of(cargo)).status
        assert cargo == client.blob(NAME, Digest.of(cargo)).body


def test_workers_end_with_their_supervisor_and_make_room(registry: RegistryProcess) -> None:
    """A transfer under way is finished first; nobody new is let in by those whom nobody could stop any more."""
    cargo = secrets.token_bytes(100_000)
    orphans = both_workers(registry)
    with half_sent(registry, cargo) as wire:
        os.kill(registry.pid, signal.SIGKILL)
        assert eventually(lambda: sum(map(is_alive, orphans)) == 1)
        wire.socket.sendall(cargo[500:])
        assert 201 == wire.heard().status
    assert eventually(lambda: not any(map(is_alive, orphans)))
    registry.kill()
    registry.start()
    with Client(registry) as client:
        assert cargo == client.blob(NAME, Digest.of(cargo)).body


SHOTS = 5


def test_a_worker_that_is_shot_again_and_again_comes_back_while_the_others_serve(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "data", "--workers", "4") as registry:
        assert eventually(lambda: len(workers(registry)) == 4, 240)
        shot, *spared = workers(registry)
        for _ in range(SHOTS):
            os.kill(shot, signal.SIGKILL)
            client_of_the_living(registry).close()
            shot = newcomer(registry, {shot, *spared})
        assert {shot, *spared} == {*workers(registry)}
        assert SHOTS == registry.log.read_text().count("was ended by SIGKILL")
        assert 0 == registry.stop()


def test_the_only_worker_that_is_shot_again_and_again_comes_back(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "data", "--workers", "1") as registry:
        for _ in range(SHOTS):
            (shot,) = workers(registry)
            os.kill(shot, signal.SIGKILL)
            newcomer(registry, {shot})
        assert eventually(lambda: is_ready(registry.url), 240)
        with Client(registry) as client:
            assert 201 == client.push(NAME, b"after all that").status
        assert 0 == registry.stop()
    assert "it is begun again in 0.25 s" in registry.log.read_text()


def test_all_workers_make_room_for_new_ones_when_asked_to_and_nobody_is_refused(registry: RegistryProcess) -> None:
    cargo = secrets.token_bytes(100_000)
    old = both_workers(registry)
    with half_sent(registry, cargo) as wire:
        os.kill(registry.pid, signal.SIGHUP)
        assert eventually(lambda: len(set(workers(registry)) - {*old}) == 2 and sum(map(is_alive, old)) == 1, 240)
        with Client(registry) as client:
            assert 200 == client.ask("GET", "/v2/").status
        wire.socket.sendall(cargo[500:])
        assert 201 == wire.heard().status
    assert eventually(lambda: not any(map(is_alive, old)), 240)


def test_workers_without_a_supervisor_do_not_wait_for_ever_for_a_transfer_that_hangs(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "data", "--workers", "2", "--stop-timeout", "1s") as registry:
        orphans = both_workers(registry)
        with half_sent(registry, secrets.token_bytes(100_000)):
            os.kill(registry.pid, signal.SIGKILL)
            assert eventually(lambda: not any(map(is_alive, orphans)), 240)
        registry.kill()
        registry.start()


@contextmanager
def half_sent(registry: RegistryProcess, cargo: bytes) -> Iterator[RawWire]:
    """A push of which 500 bytes were sent, and have arrived."""
    with closing(RawWire.to(registry)) as wire:
        target = f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(cargo)}"
        wire.say("POST", target, f"Content-Length: {len(cargo)}", body=cargo[:500])
        assert eventually(lambda: any(map(is_held, (registry.data / "uploads").iterdir())))
        yield wire


def newcomer(registry: RegistryProcess, others: set[int]) -> int:
    """The worker that is none of the others; waits for it."""
    assert eventually(lambda: len(set(workers(registry)) - others) == 1, 240)
    (there,) = set(workers(registry)) - others
    return there


def both_workers(registry: RegistryProcess) -> list[int]:
    """When both of them serve."""
    first, other = clients_of_both_workers(registry)
    first.close()
    other.close()
    return workers(registry)


def client_of_the_living(registry: RegistryProcess) -> Client:
    """What waits in a shot worker's queue is reset by the kernel; a client connects again then, as docker does."""
    for _ in range(ATTEMPTS):
        client = Client(registry)
        try:
            assert 200 == client.ask("GET", "/v2/").status
        except LOST:
            client.close()
            time.sleep(0.02)
        else:
            return client
    raise AssertionError("nobody answers")


def holder_of(registry: RegistryProcess, path: str) -> int:
    for worker in workers(registry):
        if path in opened_by(worker):
            return worker
    raise AssertionError(f"no worker has {path} open")


def opened_by(pid: int) -> Iterator[str]:
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed while we look
            yield str(entry.readlink())
