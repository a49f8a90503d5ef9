import socket
from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, scene_in

STAT = "4242 (a (strange) name) S 1 4242 4242 {tty} 4242 4194304 0 0"


def test_nobody_knows_what_a_bare_session_is(tmp_path: Path) -> None:
    facts = facts_of("session", scene_in(tmp_path))
    known = ("unknown", False, False, False, False)
    assert known == tuple(facts[name] for name in ("kind", "terminal", "display", "bus", "sudo"))


def test_a_session_over_ssh(tmp_path: Path) -> None:
    assert "ssh" == facts_of("session", scene_in(tmp_path, SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22"))["kind"]


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("0::/system.slice/actions.runner.service\n", "service"),
        ("0::/system.slice/cron.service\n", "scheduled"),
        ("0::/user.slice/user-1000.slice/session-3.scope\n", "interactive"),
    ],
)
def test_the_control_group_tells_the_kind(tmp_path: Path, group: str, kind: str) -> None:
    files = {"proc/self/cgroup": group, "proc/self/stat": STAT.format(tty=34816)}
    assert kind == facts_of("session", scene_in(tmp_path, files))["kind"]


def test_a_job_has_no_terminal(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {"proc/self/stat": STAT.format(tty=34816)}, CI="true")
    facts = facts_of("session", scene)
    assert (False, "service") == (facts["terminal"], facts["kind"])


def test_a_process_without_a_terminal(tmp_path: Path) -> None:
    assert facts_of("session", scene_in(tmp_path, {"proc/self/stat": STAT.format(tty=0)}))["terminal"] is False


def test_a_bus_is_there_if_its_socket_is(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, XDG_RUNTIME_DIR=str(tmp_path))
    assert facts_of("session", scene)["bus"] is False
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        assert facts_of("session", scene)["bus"] is True


def test_sudo_names_who_called_it(tmp_path: Path) -> None:
    assert facts_of("session", scene_in(tmp_path, SUDO_USER="mina", SUDO_UID="1000"))["sudo"] is True


@pytest.mark.parametrize(
    ("profile", "account"),
    [
        ("C:\\Windows\\System32\\config\\systemprofile", "local-system"),
        ("C:\\Windows\\ServiceProfiles\\NetworkService", "network-service"),
        ("C:\\Windows\\ServiceProfiles\\LocalService", "local-service"),
        ("C:\\Users\\mina", "user"),
    ],
)
def test_accounts_of_windows_have_profiles_of_their_own(tmp_path: Path, profile: str, account: str) -> None:
    facts = facts_of("session", scene_in(tmp_path, platform="win32", USERPROFILE=profile, SESSIONNAME="Console"))
    assert (account, "interactive" if account == "user" else "service") == (facts["account"], facts["kind"])


def test_a_session_of_windows_without_a_name_is_no_logon(tmp_path: Path) -> None:
    assert "service" == facts_of("session", scene_in(tmp_path, platform="win32", USERPROFILE="C:\\Users\\m"))["kind"]


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({"TERM_PROGRAM": "Apple_Terminal", "XPC_SERVICE_NAME": "0"}, "interactive"),
        ({"XPC_SERVICE_NAME": "com.example.runner"}, "service"),
        ({"XPC_SERVICE_NAME": "0"}, "unknown"),
    ],
)
def test_macos_names_the_service_of_a_process(tmp_path: Path, environ: dict[str, str], kind: str) -> None:
    assert kind == facts_of("session", scene_in(tmp_path, platform="darwin", more=environ))["kind"]
