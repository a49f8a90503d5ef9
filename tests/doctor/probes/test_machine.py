import socket
from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, scene_in

WSL = "5.15.167.4-microsoft-standard-WSL2\n"


def test_a_plain_linux_is_nothing_else(tmp_path: Path) -> None:
    facts = facts_of("machine", scene_in(tmp_path))
    assert ("linux", False, False, "none", "posix") == tuple(
        facts[name] for name in ("system", "wsl", "container", "ci", "shell")
    )


def test_the_kernel_of_wsl_is_microsofts(tmp_path: Path) -> None:
    assert facts_of("machine", scene_in(tmp_path, {"proc/sys/kernel/osrelease": WSL}))["wsl"] is True


@pytest.mark.parametrize("mark", [".dockerenv", "run/.containerenv"])
def test_a_container_has_a_mark(tmp_path: Path, mark: str) -> None:
    assert facts_of("machine", scene_in(tmp_path, {mark: ""}))["container"] is True


def test_the_group_of_the_first_process_tells_of_a_container(tmp_path: Path) -> None:
    group = {"proc/1/cgroup": "12:pids:/kubepods/burstable/pod1/abc\n"}
    assert facts_of("machine", scene_in(tmp_path, group))["container"] is True


@pytest.mark.parametrize(("capabilities", "privileged"), [("000001ffffffffff", True), ("00000000a80425fb", False)])
def test_a_privileged_container_may_administer(tmp_path: Path, capabilities: str, *, privileged: bool) -> None:
    files = {".dockerenv": "", "proc/self/status": f"Name:\tsh\nCapEff:\t{capabilities}\n"}
    assert privileged == facts_of("machine", scene_in(tmp_path, files))["container_privileged"]


def test_a_socket_in_a_container_is_seen(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {".dockerenv": "", "run/mark": ""})
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "run/docker.sock"))
        assert facts_of("machine", scene)["docker_socket_mounted"] is True


@pytest.mark.parametrize(
    ("variable", "ci"),
    [("GITHUB_ACTIONS", "github-actions"), ("GITLAB_CI", "gitlab"), ("JENKINS_URL", "jenkins"), ("TF_BUILD", "other")],
)
def test_ci_systems_tell_who_they_are(tmp_path: Path, variable: str, ci: str) -> None:
    assert ci == facts_of("machine", scene_in(tmp_path, more={variable: "true"}))["ci"]


@pytest.mark.parametrize(
    ("environ", "shell"),
    [
        ({"PSModulePath": "C:\\Users\\m\\Documents\\WindowsPowerShell\\Modules"}, "powershell-5"),
        ({"PSModulePath": "C:\\Users\\m\\Documents\\PowerShell\\Modules"}, "powershell-7"),
        ({"PROMPT": "$P$G"}, "cmd"),
        ({"MSYSTEM": "MINGW64"}, "posix"),
    ],
)
def test_shells_of_windows_leave_their_marks(tmp_path: Path, environ: dict[str, str], shell: str) -> None:
    assert shell == facts_of("machine", scene_in(tmp_path, platform="win32", more=environ))["shell"]


@pytest.mark.parametrize(("memory", "swap", "little"), [(2_000_000, 0, True), (2_000_000, 8_000_000, False)])
def test_memory_and_swap_count_together(tmp_path: Path, memory: int, swap: int, *, little: bool) -> None:
    told = f"MemTotal: {memory:15} kB\nMemFree: 1 kB\nSwapTotal: {swap:12} kB\n"
    assert little is facts_of("machine", scene_in(tmp_path, {"proc/meminfo": told}))["little_memory"]
