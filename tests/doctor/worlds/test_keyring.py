"""Worlds in which the keyring of a desktop is what fails: a real D-Bus daemon, and a keyring that answers as told."""

import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.programs import missing
from tests.doctor.worlds.said import said
from tests.doctor.worlds.world import PATIENCE, World, world_in

pytestmark = pytest.mark.slow

SETTINGS = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={place}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow own="*"/><allow eavesdrop="true"/></policy>
</busconfig>
"""
TIMEOUT = "Error calling StartServiceByName for org.freedesktop.secrets: Timeout was reached"


@contextmanager
def bus_in(folder: Path) -> Iterator[Path]:
    if absent := missing("dbus-daemon"):
        pytest.skip(f"not installed: {', '.join(absent)}")
    place = folder / "bus"
    (folder / "bus.conf").write_text(SETTINGS.format(place=place))
    command = ("dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile", "--print-address")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as daemon:
        assert daemon.stdout is not None
        daemon.stdout.readline()
        try:
            yield place
        finally:
            daemon.terminate()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="wharf-bus-", dir="/tmp") as made:
        yield Path(made)


def world_on(bus: Path, folder: Path, patience: float = PATIENCE) -> World:
    world = world_in(folder, {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}", "DISPLAY": ":0"})
    return World(replace(world.scene, patience=patience))


def test_a_bus_on_which_nobody_keeps_secrets(folder: Path) -> None:
    with bus_in(folder) as bus:
        world = world_on(bus, folder)
        asked = ("/org/freedesktop/secrets", "org.freedesktop.DBus.Peer.Ping")
        text = said(world, "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", *asked)
        assert ("secretservice-not-provided", ["no-keyring"]) == world.causes_of(text)


def test_a_keyring_that_is_locked(folder: Path) -> None:
    with keyring_in(folder, locked=True) as bus:
        assert ("secretservice-timeout", ["keyring-locked"]) == world_on(bus, folder).causes_of(TIMEOUT)


def test_a_keyring_that_hangs(folder: Path) -> None:
    with keyring_in(folder, locked=None) as bus:
        assert ("secretservice-timeout", ["keyring-hangs"]) == world_on(bus, folder, 4.0).causes_of(TIMEOUT)


@contextmanager
def keyring_in(folder: Path, *, locked: bool | None) -> Iterator[Path]:
    """A bus with a keyring on it; None for one that never answers."""
    place = folder / "bus"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(place))
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener, locked), daemon=True)
        thread.start()
        yield place
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def serve(listener: socket.socket, locked: bool | None) -> None:
    """Whoever greets is welcome; each call is answered by what its name asks for."""
    with suppress(OSError):
        while True:
            peer = listener.accept()[0]
            with peer:
                answer_all(peer, locked)


def answer_all(peer: socket.socket, locked: bool | None) -> None:
    assert peer.recv(1000).startswith(b"\0AUTH EXTERNAL ")
    peer.sendall(b"OK 1234\r\n")
    data = peer.recv(7)
    assert data == b"BEGIN\r\n"
    while start := peer.recv(16, socket.MSG_WAITALL):
        length, serial, fields = struct.unpack("<III", start[4:16])
        head = peer.recv(fields + -fields % 8, socket.MSG_WAITALL)
        body = peer.recv(length, socket.MSG_WAITALL) if length else b""
        if b"Locked" in body and locked is None:
            continue
        variant = struct.pack("<I", locked is True)
        peer.sendall(
            reply(serial, b"\x01b\0\0" + variant if b"Locked" in body else struct.pack("<I", b"Hello" not in head))
        )


def reply(serial: int, body: bytes) -> bytes:
    fields = b"\x05\x01u\0" + struct.pack("<I", serial)
    return struct.pack("<cBBBIII", b"l", 2, 1, 1, len(body), 77, len(fields)) + fields + body
