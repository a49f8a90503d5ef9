import os
from pathlib import Path

from tests.doctor.probes.ground import scene_in
from wharf.doctor.ground.account import account_named, name_of, other_homes, owner_of

PASSWD = (
    "root:x:0:0:root:/root-of-all:/bin/sh\nmina:x:1000:1000:Mina:/people/mina:/bin/sh\nbroken\nodd:x:y:1::/:/bin/sh\n"
)


def test_accounts_are_read_from_the_machines_list(tmp_path: Path) -> None:
    account = account_named(scene_in(tmp_path, {"etc/passwd": PASSWD}), "mina")
    assert account is not None
    assert (1000, "/people/mina") == (account.uid, account.home)


def test_an_account_without_a_line_has_its_number_as_a_name(tmp_path: Path) -> None:
    assert "4711" == name_of(scene_in(tmp_path, {"etc/passwd": PASSWD}), 4711)


def test_the_home_before_sudo_comes_first(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {"etc/passwd": PASSWD}, SUDO_USER="mina")
    assert (tmp_path / "people/mina", tmp_path / "root-of-all") == other_homes(scene)


def test_without_a_list_nobody_is_known(tmp_path: Path) -> None:
    assert () == other_homes(scene_in(tmp_path))


def test_a_file_has_an_owner(tmp_path: Path) -> None:
    assert os.geteuid() == owner_of(tmp_path)
    assert owner_of(tmp_path / "nothing") is None
