"""What a machine says of how registries are reached."""

from pathlib import Path

from wharf import __version__
from wharf.client.proxy import Proxies
from wharf.client.settings import ClientSettings, usual_certs_folders

HOME = Path("/somewhere/me")


def test_a_machine_has_folders_of_certificates_and_proxies() -> None:
    settings = ClientSettings.of_machine({"HTTPS_PROXY": "p:1"}, HOME, "linux", insecure=frozenset({"a"}))
    assert (Proxies(https="p:1"), frozenset({"a"})) == (settings.proxies, settings.insecure)
    assert Path("/etc/docker/certs.d") == settings.certs_folders[0]
    assert HOME / ".config" / "containers" / "certs.d" in settings.certs_folders


def test_the_folder_of_settings_may_lie_elsewhere() -> None:
    folders = usual_certs_folders({"XDG_CONFIG_HOME": "/x"}, HOME, "linux")
    assert {Path("/x/docker/certs.d"), Path("/x/containers/certs.d")} < set(folders)


def test_windows_has_its_own_folder() -> None:
    assert "/data/docker/certs.d" == usual_certs_folders({"PROGRAMDATA": "/data"}, HOME, "win32")[0].as_posix()


def test_nothing_shows_what_the_settings_hold_in_secret() -> None:
    settings = ClientSettings(proxies=Proxies(https="http://me:hunter2@p"), headers={"X-Auth": "hunter2"},
                              environ={"TOKEN": "hunter2"})  # fmt: skip
    assert "hunter2" not in repr(settings)


def test_registries_learn_who_asks() -> None:
    assert f"wharf/{__version__}" == ClientSettings().user_agent
