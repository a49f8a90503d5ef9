"""A real engine: what it has, what it gives and takes, and what it says when it does not."""

import io
import socket
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.clients.dockerd import Dockerd
from tests.engine.archives import archive_of
from tests.images.tars import file, image_of, tar_of
from wharf.engine.docker import Engine
from wharf.errors import EngineRefused, EngineUnreachable, ImageNotThere
from wharf.images.compress import Compression
from wharf.oci.reference import Reference
from wharf.testing.random_image import random_image

pytestmark = pytest.mark.slow

V1 = Reference.parse("registry.example/team/app:v1")
IMAGE = random_image(1, compression=Compression.NONE)


def nobody_counts(size: int) -> None:
    pass


def load(engine: Engine, *names: str) -> None:
    engine.load(archive_of(IMAGE, *names), nobody_counts)


def test_an_engine_says_what_it_is(engine: Engine) -> None:
    facts = engine.facts()
    assert ("linux", True, True) == (facts.platform.os, facts.version[:1].isdigit(), bool(facts.storage))


def test_what_is_loaded_is_listed_and_found(engine: Engine) -> None:
    load(engine, str(V1))
    expected = (IMAGE.image.config.digest, (V1,))
    assert [expected] == [(image.id, image.names) for image in engine.images()]
    assert expected == (engine.find(str(V1)).id, engine.find(str(IMAGE.image.config.digest)).names)


def test_bytes_are_counted_both_ways(engine: Engine) -> None:
    sent: list[int] = []
    archive = archive_of(IMAGE, str(V1))
    engine.load(archive, sent.append)
    assert len(archive.getvalue()) == sum(sent)
    received: list[int] = []
    saved = io.BytesIO()
    engine.save(str(V1), saved, received.append)
    assert len(saved.getvalue()) == sum(received)


def test_what_is_saved_is_an_archive(engine: Engine) -> None:
    load(engine, str(V1))
    saved = io.BytesIO()
    engine.save(str(V1), saved, nobody_counts)
    saved.seek(0)
    with tarfile.open(fileobj=saved) as tar:
        assert "manifest.json" in tar.getnames()


def test_an_image_gets_a_name(engine: Engine) -> None:
    load(engine)
    engine.tag(str(IMAGE.image.config.digest), V1)
    assert (V1,) == engine.find(str(V1)).names


def test_a_name_of_docker_hub_is_known_in_its_long_form(engine: Engine) -> None:
    load(engine, "busy:v2")
    assert (Reference.parse("docker.io/library/busy:v2"),) == engine.find("docker.io/library/busy:v2").names


def test_an_image_that_is_not_there_is_said_so_with_those_that_are(engine: Engine) -> None:
    load(engine, str(V1))
    for ask in (
        lambda: engine.find("registry.example/other"),
        lambda: engine.save("registry.example/other", io.BytesIO(), nobody_counts),
        lambda: engine.tag("registry.example/other", V1),
        lambda: engine.remove("registry.example/other"),
    ):
        with pytest.raises(ImageNotThere) as caught:
            ask()
        assert (str(V1),) == caught.value.present


@pytest.mark.parametrize("archive", [b"no archive", tar_of(file("manifest.json", b"[{}]"))])
def test_what_is_no_archive_is_refused_in_the_engines_words(engine: Engine, archive: bytes) -> None:
    with pytest.raises(EngineRefused, match="did not load the image: "):
        engine.load(io.BytesIO(archive), nobody_counts)


def test_an_archive_with_a_lying_configuration_is_refused_in_the_engines_words(engine: Engine) -> None:
    lying = image_of(tar_of(file("a")), changes={"rootfs": {"type": "layers", "diff_ids": ["sha256:" + "0" * 64]}})
    with pytest.raises(EngineRefused, match="did not load the image: "):
        engine.load(archive_of(lying, "broken:v1"), nobody_counts)


# --- nobody there -----------------------------------------------------------------------------------------------------


def test_a_socket_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineUnreachable, match="no such file or directory") as caught:
        Engine.connect({"DOCKER_HOST": f"unix://{tmp_path}/docker.sock"})
    assert "DOCKER_HOST" in caught.value.diagnostics().next_step


def test_a_port_where_nobody_listens() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(EngineUnreachable, match="connection refused"):
        Engine.connect({"DOCKER_HOST": f"tcp://127.0.0.1:{port}"})


def test_a_host_that_nobody_knows() -> None:
    with pytest.raises(EngineUnreachable):
        Engine.connect({"DOCKER_HOST": "tcp://no-such-host.invalid:2375"})


@pytest.mark.parametrize("host", ["nonsense://x", "tcp://"])
def test_an_address_that_is_none(host: str) -> None:
    with pytest.raises(EngineUnreachable):
        Engine.connect({"DOCKER_HOST": host})


@contextmanager
def answering(words: bytes) -> Iterator[str]:
    """Somebody who listens, and says always the same."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_answer, args=(listener, words))
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _answer(listener: socket.socket, words: bytes) -> None:
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        with peer, suppress(OSError):
            peer.recv(65536)
            peer.sendall(words)


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\xff\xfe\xfd",
    ],
)
def test_somebody_who_is_no_engine(words: bytes) -> None:
    with answering(words) as address, pytest.raises((EngineUnreachable, EngineRefused)):
        Engine.connect({"DOCKER_HOST": address})


def test_an_engine_that_hangs_up_is_told_of_in_words() -> None:
    with answering(b"") as address, pytest.raises(EngineUnreachable) as failed:
        Engine.connect({"DOCKER_HOST": address})
    assert failed.value.reason in {"remote end closed connection without response", "connection reset by peer"}


def test_the_chosen_context_is_used(dockerd: Dockerd, tmp_path: Path) -> None:
    """`docker context use` writes the name into config.json; the address lies in a file of its own."""
    with pytest.raises(EngineUnreachable):
        Engine.connect({"DOCKER_CONTEXT": "a-context-that-is-not-there", "DOCKER_CONFIG": str(tmp_path)})
