"""A bus that means harm, or is none: whoever asks it comes back in time, and with no more than an OSError."""

import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.probes.ground import scene_in
from wharf.doctor.ground.session_bus import SessionBus, bus_places
from wharf.doctor.scene import Scene

HELLO = struct.pack("<cBBBIII", b"l", 2, 1, 1, 0, 7, 8) + b"\x05\x01u\0" + struct.pack("<I", 1)


@contextmanager
def bus_that(does: Callable[[socket.socket], None], tmp_path: Path) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="wharf-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/bus")
        listener.listen()

        def serve() -> None:
            with suppress(OSError), listener.accept()[0] as peer:
                does(peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield replace(scene_in(tmp_path, XDG_RUNTIME_DIR=folder), patience=0.3)
        thread.join()


def let_in(peer: socket.socket) -> None:
    peer.recv(1000)
    peer.sendall(b"OK 1234\r\n")
    peer.recv(1000)


def says_nothing(peer: socket.socket) -> None:
    peer.recv(1000)
    peer.recv(1000)


def is_no_bus(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def announces_too_much(peer: socket.socket) -> None:
    let_in(peer)
    peer.sendall(struct.pack("<cBBBIII", b"l", 2, 1, 1, 0xFFFFFFF0, 7, 8))
    peer.recv(1000)


def talks_without_end(peer: socket.socket) -> None:
    let_in(peer)
    while True:
        peer.sendall(struct.pack("<cBBBIII", b"l", 4, 1, 1, 0, 7, 0) * 100)


def hangs_up(peer: socket.socket) -> None:
    let_in(peer)
    peer.sendall(HELLO[:9])


@pytest.mark.parametrize("does", [says_nothing, is_no_bus, announces_too_much, talks_without_end, hangs_up])
def test_nobody_waits_longer_than_told(tmp_path: Path, does: Callable[[socket.socket], None]) -> None:
    begun = time.monotonic()
    with bus_that(does, tmp_path) as scene, pytest.raises(OSError, match=r"."):
        SessionBus.reached(scene)
    assert 30 > time.monotonic() - begun


def test_an_address_names_the_place(tmp_path: Path) -> None:
    scene = scene_in(
        tmp_path, DBUS_SESSION_BUS_ADDRESS="unix:path=/run/a,guid=12;tcp:host=x;unix:abstract=y;unix:path=/b"
    )
    assert (Path("/run/a"), Path("/b")) == bus_places(scene)


def test_without_a_word_of_it_there_is_none(tmp_path: Path) -> None:
    assert () == bus_places(scene_in(tmp_path))
