"""What webhooks are owed survives a registry that is shot, and workers that come and go."""

import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.durability.cargo import image_of
from tests.durability.client import Client
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry_process import RegistryProcess, running_in

pytestmark = pytest.mark.slow

NAME = "crew/app"
PATIENCE = 240.0
"""A second attempt comes after ten seconds, a third after another minute: a slow machine may need both."""


class Receiver(ThreadingHTTPServer):
    """Takes what it is sent once it is open; until then it hangs up. While it holds, it takes and does not answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.is_open = threading.Event()
        self.answers = threading.Event()
        self.answers.set()
        self.taken: list[dict[str, Any]] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hooks"

    def events(self) -> list[str]:
        return [document["event"] for document in self.taken]

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was shot does not listen to the answer."""

    def tags(self) -> list[str]:
        return [document["details"]["tags"] for document in self.taken if document["event"] == "package.push"]

    def wait_for(self, count: int) -> None:
        _wait_until(lambda: len(self.taken) >= count)


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if not self.server.is_open.is_set():
            self.close_connection = True
            return
        self.server.taken.append(json.loads(body))
        if not self.server.answers.wait(PATIENCE):
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so it is called there
        """Nobody reads it."""


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "data", "--workers", "2") as running:
        yield running


def hook(registry: RegistryProcess, receiver: Receiver) -> None:
    with Client(registry) as client:
        wish = json.dumps({"url": receiver.url, "events": ["package"]}).encode()
        assert client.ask("POST", f"{OWN}/owners/crew/webhooks", wish).status == 201


def waiting(registry: RegistryProcess) -> Any:
    with Client(registry) as client:
        return json.loads(client.ask("GET", f"{OWN}/owners/crew/webhooks/1/deliveries?state=waiting").body)


def push(registry: RegistryProcess, *tags: str) -> None:
    with Client(registry) as client:
        for tag in tags:
            image = image_of(tag.encode())
            for blob in image.blobs:
                assert client.push(NAME, blob).status == 201
            assert client.put_manifest(NAME, tag, image.raw).status == 201


def in_order(tags: list[str]) -> list[str]:
    """Each once, where it was told first; what was told again, however often, was told before the next one."""
    return [tag for tag, _ in itertools.groupby(tags)]


def shoot_the_parent_inside_a_delivery(registry: RegistryProcess, receiver: Receiver) -> None:
    """That of the first of three pushes; the receiver has it and has not answered."""
    receiver.is_open.set()
    hook(registry, receiver)
    receiver.wait_for(1)
    receiver.answers.clear()
    push(registry, "1", "2", "3")
    receiver.wait_for(2)
    os.kill(registry.pid, signal.SIGKILL)


def test_what_was_pushed_right_before_a_shot_is_told_afterwards(registry: RegistryProcess, receiver: Receiver) -> None:
    hook(registry, receiver)
    push(registry, "1", "2", "3")
    registry.kill()
    receiver.is_open.set()
    registry.start()
    receiver.wait_for(4)
    assert ["1", "2", "3"] == receiver.tags()


def test_a_registry_whose_parent_is_shot_inside_a_delivery_tells_all_and_in_order(
    registry: RegistryProcess, receiver: Receiver
) -> None:
    shoot_the_parent_inside_a_delivery(registry, receiver)
    registry.kill()
    receiver.answers.set()
    registry.start()
    _wait_until(lambda: "3" in receiver.tags())
    once, *again = (document for document in receiver.taken if document["details"].get("tags") == "1")
    assert again
    assert all(once == each for each in again)
    assert ["1", "2", "3"] == in_order(receiver.tags())


def test_a_parent_that_is_shot_takes_its_couriers_along_and_the_next_one_goes_on(
    registry: RegistryProcess, receiver: Receiver
) -> None:
    shoot_the_parent_inside_a_delivery(registry, receiver)
    _wait_until(lambda: not running_in(registry.pid))
    registry.kill()
    receiver.answers.set()
    registry.start()
    _wait_until(lambda: "3" in receiver.tags())
    assert 1 < receiver.tags().count("1")
    assert ["1", "2", "3"] == in_order(receiver.tags())


def test_each_push_is_told_once_and_in_order_by_two_workers(registry: RegistryProcess, receiver: Receiver) -> None:
    receiver.is_open.set()
    hook(registry, receiver)
    tags = [f"t{number}" for number in range(20)]
    push(registry, *tags)
    receiver.wait_for(21)
    assert ["ping", *["package.push"] * 20] == receiver.events()
    assert tags == receiver.tags()


def test_a_stop_and_a_start_lose_nothing_and_keep_the_order(registry: RegistryProcess, receiver: Receiver) -> None:
    """What was on its way at a stop has a second to arrive; a receiver that needs longer is told once more."""
    receiver.is_open.set()
    hook(registry, receiver)
    receiver.wait_for(1)
    for number in range(3):
        push(registry, f"r{number}")
        registry.stop()
        registry.start()
    _wait_until(lambda: not waiting(registry))
    assert ["r0", "r1", "r2"] == in_order(receiver.tags())
