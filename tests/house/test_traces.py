"""The project belongs to no machine: no path, no host and no address of one stands in it."""

import re
import socket

from tests.house.sources import ROOT, files

# Put together here, so that this file does not find itself.
_INDEX_HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "--index" + "-url",
    "--extra-index" + "-url",
    "--find" + "-links",
    "registry." + "npmjs.org",
    "crates" + ".io/",
    "ruby" + "gems.org",
    "deb." + "debian.org",
    "proxy." + "golang.org",
)
_HOME = re.compile(r"(?<![\w.~}])/(?:home|Users|root)/[\w.-]+")


# Machines that everybody knows: those that GitHub lends, and the homes that logs of Docker's own images tell of.
_EVERYBODYS = frozenset(
    {"/home/runner", "/home/runneradmin", "/home/ci", "/home/user", "/root/.docker", "/root/.config"}
)


def texts() -> list[tuple[str, str]]:
    return [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace")) for path in files()]


def test_no_file_names_a_package_index() -> None:
    assert [] == [name for name, text in texts() if any(host in text for host in _INDEX_HOSTS)]


def test_no_file_names_a_folder_of_somebody() -> None:
    found = ((name, place[0]) for name, text in texts() for place in _HOME.finditer(text))
    assert [] == [(name, place) for name, place in found if place not in _EVERYBODYS]


def test_no_file_names_the_folder_it_lies_in() -> None:
    assert [] == [name for name, text in texts() if f"{ROOT}/" in text]


def test_no_file_names_this_machine() -> None:
    address = re.compile(rf"(?://|@){re.escape(socket.gethostname())}\b")
    assert [] == [name for name, text in texts() if address.search(text)]
