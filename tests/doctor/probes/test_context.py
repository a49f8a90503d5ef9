from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim

FROM = "FROM alpine:3.20\n"
LOG = 'failed to calculate checksum of ref a::b: "/dist/app.js": not found'


def told(folder: Path, files: dict[str, str | bytes], log: str = "", path: str | None = None) -> dict[str, Known]:
    below = {f"home/mina/{name}": content for name, content in files.items()}
    return facts_of("context", scene_in(folder, below, aim=Aim(log=log, path=path)))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"Dockerfile": FROM}, "present"),
        ({"Containerfile": FROM}, "present"),
        ({".gitlab-ci.yml": "", "dockerfile": FROM}, "other-case"),
        ({".gitlab-ci.yml": "", "Dockerfile.txt": FROM}, "other-case"),
        ({".gitlab-ci.yml": "", "app/Dockerfile": FROM}, "elsewhere"),
        ({".gitlab-ci.yml": ""}, "absent"),
    ],
)
def test_where_the_dockerfile_is(tmp_path: Path, files: dict[str, str | bytes], expected: str) -> None:
    assert expected == told(tmp_path, files)["dockerfile"]


def test_the_dockerfile_that_the_message_names_is_looked_for(tmp_path: Path) -> None:
    log = "failed to read dockerfile: open Dockerfile.prod: no such file or directory"
    assert "elsewhere" == told(tmp_path, {"Dockerfile": FROM, "docker/Dockerfile.prod": FROM}, log)["dockerfile"]


@pytest.mark.parametrize(
    ("content", "form"),
    [(FROM, "fine"), ("", "empty"), (FROM.encode("utf-16"), "utf-16"), (b"\xef\xbb\xbf" + FROM.encode(), "utf-8-bom")],
)
def test_how_the_dockerfile_is_saved(tmp_path: Path, content: str | bytes, form: str) -> None:
    assert form == told(tmp_path, {"Dockerfile": content})["dockerfile_form"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"dist/app.js": ""}, "present"),
        ({"dist/app.js": "", ".dockerignore": "dist\n"}, "ignored"),
        ({"dist/app.js": "", ".dockerignore": "dist\n!dist/app.js\n"}, "present"),
        ({"dist/App.js": ""}, "other-case"),
        ({"web/dist/app.js": ""}, "elsewhere"),
        ({}, "absent"),
    ],
)
def test_where_the_file_is_that_a_copy_names(tmp_path: Path, files: dict[str, str | bytes], expected: str) -> None:
    assert expected == told(tmp_path, {"Dockerfile": FROM, **files}, LOG)["source"]


@pytest.mark.parametrize(
    "log",
    [
        "file not found in build context or excluded by .dockerignore: stat dist/app.js: file does not exist",
        "COPY failed: stat /var/lib/docker/tmp/docker-builder142890167/dist/app.js: no such file or directory",
        'checking on sources under "/x": copier: stat: "/dist/app.js": no such file or directory',
        "failed to get fileinfo for /workspace/dist/app.js: lstat /workspace/dist/app.js: no such file or directory",
        'failed to compute cache key: "/dist/app.js" not found: not found',
    ],
)
def test_builders_name_it_in_their_own_ways(tmp_path: Path, log: str) -> None:
    assert "present" == told(tmp_path, {"Dockerfile": FROM, "dist/app.js": ""}, log)["source"]


def test_a_folder_is_ignored_if_nothing_of_it_is_sent(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"Dockerfile": FROM, "dist/a": "", ".dockerignore": "dist/*\n"}
    assert "ignored" == told(tmp_path, files, path="/dist")["source"]


@pytest.mark.parametrize(
    ("line", "expected"), [("COPY dist/app.js /", "context"), ("COPY --from=build /dist/app.js /", "stage")]
)
def test_a_line_of_the_dockerfile_tells_where_a_file_is_taken_from(tmp_path: Path, line: str, expected: str) -> None:
    assert expected == told(tmp_path, {"Dockerfile": FROM + line}, LOG)["copies_from"]


def test_the_step_in_the_log_comes_before_the_dockerfile(tmp_path: Path) -> None:
    log = f"#9 [2/3] COPY --from=build /dist/app.js /app.js\n#9 ERROR: {LOG}"
    assert "stage" == told(tmp_path, {"Dockerfile": FROM + "COPY dist/app.js /"}, log)["copies_from"]


def test_a_folder_that_is_no_repository_says_nothing(tmp_path: Path) -> None:
    assert {} == told(tmp_path, {"notes.txt": ""}, "failed to solve")
