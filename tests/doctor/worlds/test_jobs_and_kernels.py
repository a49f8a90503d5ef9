"""What GitLab's runner and job are set to, and what the kernel allows, as real files of a machine below a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.doctor.probes.ground import programs_in, scene_in
from tests.doctor.worlds.world import World

NOBODY = 65_534
RUNNER = "etc/gitlab-runner/config.toml"
ROOTLESS = "[rootlesskit:child ] error: failed to share mount point: /: permission denied"
NO_DOCKER = "/bin/sh: eval: line 134: docker: not found"
KILLED = "app-1 exited with code 137"
TWICE = "toml: line 14 (last key \"runners.docker\"): Key 'runners.docker.privileged' has already been defined."
POLICY = (
    'invalid pull policy for image "alpine": pull_policy ([never]) is not one of the allowed_pull_policies ([always])'
)
OVERLAY = "'overlay' is not supported over overlayfs, a mount_program is required"
OLD_GROUPS = "Error response from daemon: cgroups: cgroup mountpoint does not exist: unknown."
NO_IDS = 'cannot find UID/GID for user ci: no subuid ranges found for user "ci" in /etc/subuid'
REGISTRY_OF_GITLAB = 'Error response from daemon: Get "https://registry.invalid/v2/": denied: access forbidden'
NAMESPACES = "proc/sys/user/max_user_namespaces"
APPARMOR = "proc/sys/kernel/apparmor_restrict_unprivileged_userns"
UNPRIVILEGED = "CapEff:\t00000000a80425fb\n"


def world_of(folder: Path, files: dict[str, str], **environ: str) -> World:
    return World(scene_in(folder, files, more=environ))


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("[[runners]]\n[runners.docker]\nprivileged = true\nprivileged = false\n", "key-written-twice"),
        ("concurrent: 1\nrunners:\n", "not-toml"),
        ('[[runners]]\nname = "a"\nexecutor = "docker"\n', "file-is-well"),
        (None, "file-of-another-account"),
    ],
)
def test_the_settings_of_a_runner(tmp_path: Path, content: str | None, cause: str) -> None:
    world = world_of(tmp_path, {RUNNER: content} if content else {})
    assert ("gitlab-runner-config-invalid", [cause]) == world.causes_of(TWICE)


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({RUNNER: '[[runners]]\nname = "a"\nexecutor = "docker"\n'}, "runner-forbids"),
        ({}, "runner-is-elsewhere"),
    ],
)
def test_the_rules_of_a_runner(tmp_path: Path, files: dict[str, str], cause: str) -> None:
    assert ("gitlab-pull-policy-refused", [cause]) == world_of(tmp_path, files).causes_of(POLICY)


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({NAMESPACES: "0\n"}, "kernel-forbids"),
        ({NAMESPACES: "9\n", APPARMOR: "1\n"}, "apparmor-restricts"),
        ({NAMESPACES: "9\n", ".dockerenv": "", "proc/self/status": UNPRIVILEGED}, "container-forbids"),
    ],
)
def test_why_a_rootless_builder_does_not_come_up(tmp_path: Path, files: dict[str, str], cause: str) -> None:
    assert ("user-namespaces-forbidden", [cause]) == world_of(tmp_path, files).causes_of(ROOTLESS)


OF_SOMEBODY_ELSE = {"etc/subuid": "somebody:1:2\n", "etc/subgid": "somebody:1:2\n"}


def test_an_account_without_ids_of_its_own() -> None:
    with TemporaryDirectory(prefix="wharf-", dir="/tmp") as place:
        world = world_of(Path(place), OF_SOMEBODY_ELSE)
        Path(place).chmod(0o755)
        with nobody_if_root():
            assert ("subordinate-ids-missing", ["no-range"]) == world.causes_of(NO_IDS)


@pytest.mark.skipif(os.geteuid() != 0, reason="this account is not root, who maps nothing")
def test_root_needs_no_ids_of_its_own(tmp_path: Path) -> None:
    world = world_of(tmp_path, OF_SOMEBODY_ELSE)
    assert ("subordinate-ids-missing", ["root-here"]) == world.causes_of(NO_IDS)


@contextmanager
def nobody_if_root() -> Iterator[None]:
    own = os.geteuid()
    if own == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(own)


@pytest.mark.parametrize(
    ("mounts", "cause"),
    [
        ("overlay / overlay rw 0 0\n", "overlay-on-overlay"),
        ("/dev/vda / nfs rw 0 0\n", "file-system-does-not-fit"),
    ],
)
def test_a_file_system_below_the_engines_data(tmp_path: Path, mounts: str, cause: str) -> None:
    files = {"proc/filesystems": "nodev\toverlay\n", "proc/self/mounts": mounts}
    assert ("storage-driver-failed", [cause]) == world_of(tmp_path, files).causes_of(OVERLAY)


def test_a_kernel_without_overlays(tmp_path: Path) -> None:
    files = {"proc/filesystems": "\text4\n", "proc/self/mounts": "/dev/vda / ext4 rw 0 0\n"}
    assert ("storage-driver-failed", ["kernel-without-overlay"]) == world_of(tmp_path, files).causes_of(OVERLAY)


@pytest.mark.parametrize(
    ("file", "cause"), [("cgroup.controllers", "engine-before-cgroup-2"), ("memory/tasks", "controller-missing")]
)
def test_control_groups_that_an_old_engine_does_not_find(tmp_path: Path, file: str, cause: str) -> None:
    world = world_of(tmp_path, {f"sys/fs/cgroup/{file}": ""})
    assert ("cgroup-mountpoint-missing", [cause]) == world.causes_of(OLD_GROUPS)


@pytest.mark.parametrize(
    ("killed", "limit", "cause"),
    [(3, "104857600", "limit-too-low"), (3, "max", "machine-is-short"), (0, "max", "killed-from-outside")],
)
def test_who_killed_a_container(tmp_path: Path, killed: int, limit: str, cause: str) -> None:
    files = {"proc/vmstat": f"oom_kill {killed}\n", "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": limit}
    assert ("container-out-of-memory", [cause]) == world_of(tmp_path, files).causes_of(KILLED)


def test_a_job_whose_image_has_no_docker(tmp_path: Path) -> None:
    world = world_of(tmp_path, {".dockerenv": ""}, PATH=str(tmp_path))
    assert ("docker-not-in-image", ["image-of-the-job"]) == world.causes_of(NO_DOCKER)


def test_docker_is_here_and_was_not_there(tmp_path: Path) -> None:
    world = world_of(tmp_path, {}, PATH=programs_in(tmp_path, docker="true"))
    assert ("docker-not-in-image", ["other-path"]) == world.causes_of(NO_DOCKER)


def test_a_project_whose_registry_is_switched_off(tmp_path: Path) -> None:
    world = world_of(tmp_path, {}, GITLAB_CI="true")
    assert ("gitlab-registry-denied", ["variables-empty"]) == world.causes_of(REGISTRY_OF_GITLAB)
