"""Where credentials are kept, on each platform."""

from collections.abc import Callable
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from wharf.credentials.places import containers_files, default_helper, docker_config, told
from wharf.credentials.programs import find_program

ADA = PurePosixPath("/people/ada")
WINDOWS_ADA = PureWindowsPath(r"C:\People\ada")
SERVICE = PureWindowsPath(r"C:\Windows\System32\config\systemprofile")


def as_text(paths: tuple[PurePath, ...]) -> list[str]:
    return [str(path) for path in paths]


def test_docker_config_is_at_home_unless_a_variable_names_its_folder() -> None:
    assert "/people/ada/.docker/config.json" == str(docker_config({"DOCKER_CONFIG": ""}, ADA))
    assert "/job/config.json" == str(docker_config({"DOCKER_CONFIG": "/job"}, ADA))
    assert r"C:\People\ada\.docker\config.json" == str(docker_config({}, WINDOWS_ADA))
    assert r"D:\job\config.json" == str(docker_config({"DOCKER_CONFIG": r"D:\job"}, WINDOWS_ADA))


def test_podman_looks_into_one_file_after_the_other() -> None:
    assert [
        "/run/containers/1000/auth.json",
        "/people/ada/.config/containers/auth.json",
        "/people/ada/.docker/config.json",
        "/people/ada/.dockercfg",
    ] == as_text(containers_files({}, ADA, "linux", 1000))


def test_podman_is_led_by_variables() -> None:
    environ = {"XDG_RUNTIME_DIR": "/run/user/1000", "XDG_CONFIG_HOME": "/etc/ada", "DOCKER_CONFIG": "/job"}
    assert [
        "/run/user/1000/containers/auth.json",
        "/etc/ada/containers/auth.json",
        "/job/config.json",
        "/people/ada/.dockercfg",
    ] == as_text(containers_files(environ, ADA, "linux", 1000))


def test_one_variable_excludes_all_other_files() -> None:
    environ = {"REGISTRY_AUTH_FILE": "/job/auth.json", "XDG_RUNTIME_DIR": "/run/user/1000"}
    assert ["/job/auth.json"] == as_text(containers_files(environ, ADA, "linux", 1000))


@pytest.mark.parametrize(
    ("platform", "home", "first"),
    [
        ("darwin", ADA, "/people/ada/.config/containers/auth.json"),
        ("win32", WINDOWS_ADA, r"C:\People\ada\.config\containers\auth.json"),
    ],
)
def test_podman_keeps_it_at_home_where_there_is_no_runtime_folder(platform: str, home: PurePath, first: str) -> None:
    files = as_text(containers_files({"XDG_RUNTIME_DIR": "/run/user/1000"}, home, platform, 1000))
    assert (first, 3) == (files[0], len(files))


@pytest.mark.parametrize(
    ("platform", "programs", "chosen"),
    [
        ("linux", {"pass", "docker-credential-pass"}, "pass"),
        ("linux", {"pass", "docker-credential-secretservice"}, ""),
        ("linux", {"docker-credential-secretservice"}, "secretservice"),
        ("linux", {"docker-credential-pass"}, ""),
        ("linux", set(), ""),
        ("darwin", {"docker-credential-osxkeychain", "pass"}, "osxkeychain"),
        ("darwin", {"docker-credential-desktop"}, ""),
        ("win32", {"docker-credential-wincred"}, "wincred"),
        ("freebsd14", {"pass", "docker-credential-pass", "docker-credential-secretservice"}, ""),
    ],
)
def test_docker_takes_a_helper_by_itself(platform: str, programs: set[str], chosen: str) -> None:
    is_there: Callable[[str], bool] = programs.__contains__
    assert chosen == default_helper(platform, is_there)


@pytest.mark.parametrize(
    ("path", "home", "text"),
    [
        (ADA / ".docker" / "config.json", ADA, "~/.docker/config.json"),
        (PurePosixPath("/job/config.json"), ADA, "/job/config.json"),
        (PurePosixPath("/job/config.json"), PurePosixPath("/"), "/job/config.json"),
        (PurePosixPath("job/config.json"), PurePosixPath(), "job/config.json"),
        (PurePosixPath("~/.docker/config.json"), ADA, "./~/.docker/config.json"),
        (WINDOWS_ADA / ".docker" / "config.json", WINDOWS_ADA, "~/.docker/config.json"),
    ],
)
def test_a_path_is_told_as_a_person_calls_it(path: PurePath, home: PurePath, text: str) -> None:
    assert text == told(path, home)


def test_a_program_of_windows_is_found_by_its_ending(tmp_path: Path) -> None:
    for name in ("docker-credential-wincred.exe", "docker-credential-none"):
        (tmp_path / name).touch(0o755)
    environ = {"PATH": f"relative;{tmp_path}", "PATHEXT": ".COM;.EXE"}
    found = find_program("docker-credential-wincred", environ, "win32").path
    assert tmp_path / "docker-credential-wincred.exe" == found
    assert found == find_program("docker-credential-wincred.exe", environ, "win32").path
    assert find_program("docker-credential-none", environ, "win32").path is None
