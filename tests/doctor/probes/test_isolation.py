from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, programs_in, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.ground.account import own_uid

UID = own_uid()


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"proc/sys/user/max_user_namespaces": "0\n"}, "forbidden"),
        (
            {"proc/sys/user/max_user_namespaces": "100\n", "proc/sys/kernel/unprivileged_userns_clone": "0\n"},
            "forbidden",
        ),
        (
            {
                "proc/sys/user/max_user_namespaces": "100\n",
                "proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n",
            },
            "restricted-by-apparmor",
        ),
        ({"proc/sys/user/max_user_namespaces": "100\n"}, "allowed"),
        ({"proc/sys/user/max_user_namespaces": "many\n"}, None),
        ({}, None),
    ],
)
def test_the_kernel_says_whether_accounts_may_have_namespaces(
    tmp_path: Path, files: dict[str, str], word: str | None
) -> None:
    assert word == facts_of("isolation", scene_in(tmp_path, files)).get("user_namespaces")


@pytest.mark.parametrize(
    ("subuid", "has_some"), [(f"mina:100000:65536\n{UID}:1:2\n", True), ("mina:1:2\n", False), ("", False)]
)
def test_an_account_has_ids_of_its_own_by_its_name_or_number(tmp_path: Path, subuid: str, *, has_some: bool) -> None:
    files = {"etc/subuid": subuid, "etc/subgid": subuid}
    assert has_some == facts_of("isolation", scene_in(tmp_path, files))["subordinate_ids"]


@pytest.mark.parametrize(
    ("file", "kind"),
    [("cgroup.controllers", "v2"), ("memory/tasks", "v1"), ("unrelated", "none")],
)
def test_control_groups_have_a_version(tmp_path: Path, file: str, kind: str) -> None:
    assert kind == facts_of("isolation", scene_in(tmp_path, {f"sys/fs/cgroup/{file}": ""}))["cgroup"]


def test_both_versions_of_control_groups_may_be_there(tmp_path: Path) -> None:
    files = {"sys/fs/cgroup/memory/tasks": "", "sys/fs/cgroup/unified/cgroup.procs": ""}
    assert "hybrid" == facts_of("isolation", scene_in(tmp_path, files))["cgroup"]


@pytest.mark.parametrize(
    ("files", "limited"),
    [
        ({"proc/self/cgroup": "0::/job\n", "sys/fs/cgroup/job/memory.max": "104857600\n"}, True),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"}, False),
        (
            {
                "proc/self/cgroup": "4:memory:/a\n",
                "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "9223372036854771712",
            },
            False,
        ),
        ({"proc/self/cgroup": "4:memory:/a\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "1048576"}, True),
        ({"proc/self/cgroup": "garbage"}, None),
    ],
)
def test_a_limit_of_memory_is_seen(tmp_path: Path, files: dict[str, str], *, limited: bool | None) -> None:
    assert limited == facts_of("isolation", scene_in(tmp_path, files)).get("memory_limited")


@pytest.mark.parametrize(("vmstat", "killed"), [("nr_free 1\noom_kill 3\n", True), ("oom_kill 0\n", False), ("", None)])
def test_the_kernel_counts_whom_it_killed_for_memory(tmp_path: Path, vmstat: str, *, killed: bool | None) -> None:
    assert killed == facts_of("isolation", scene_in(tmp_path, {"proc/vmstat": vmstat})).get("memory_killed")


@pytest.mark.parametrize(
    ("files", "there"),
    [
        ({"proc/filesystems": "nodev\toverlay\n"}, True),
        ({"proc/filesystems": "\text4\n"}, False),
        (
            {
                "proc/filesystems": "\text4\n",
                "proc/sys/kernel/osrelease": "6.1\n",
                "lib/modules/6.1/modules.dep": "kernel/fs/overlayfs/overlay.ko.xz:\n",
            },
            True,
        ),
    ],
)
def test_an_overlay_is_there_or_could_be_loaded(tmp_path: Path, files: dict[str, str], *, there: bool) -> None:
    assert there == facts_of("isolation", scene_in(tmp_path, files))["overlay"]


@pytest.mark.parametrize(
    ("mounts", "on_overlay"),
    [
        ("overlay / overlay rw 0 0\n", True),
        ("overlay / overlay rw 0 0\n/dev/sda /var/lib/docker ext4 rw 0 0\n", False),
        ("/dev/sda / ext4 rw 0 0\noverlay /var/lib/docker/overlay2/x/merged overlay rw 0 0\n", False),
    ],
)
def test_the_file_system_below_the_engines_data_counts(tmp_path: Path, mounts: str, *, on_overlay: bool) -> None:
    facts = facts_of("isolation", scene_in(tmp_path, {"proc/self/mounts": mounts}))
    assert on_overlay == facts["root_on_overlay"]


def test_docker_is_looked_for_in_the_path(tmp_path: Path) -> None:
    path = programs_in(tmp_path, docker="true")
    found: dict[str, Known] = facts_of("isolation", scene_in(tmp_path, PATH=path))
    assert [True, False] == [
        found["docker_on_path"],
        facts_of("isolation", scene_in(tmp_path, PATH=str(tmp_path / "none")))["docker_on_path"],
    ]


def test_elsewhere_than_on_linux_only_docker_is_looked_for(tmp_path: Path) -> None:
    assert {"docker_on_path"} == set(facts_of("isolation", scene_in(tmp_path, platform="darwin")))
