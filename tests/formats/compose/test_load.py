"""Compose projects as their files make them."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import FileNotThere, MalformedFile
from wharf.formats.compose.load import load_project
from wharf.formats.compose.project import Project, Surroundings, Wrong
from wharf.formats.compose.service import Service
from wharf.formats.files import WrittenFiles
from wharf.formats.shell.ran import Given
from wharf.formats.span import Span
from wharf.formats.text import Text


def load(files: dict[str, str], *paths: str, **given: str) -> Project:
    around = Surroundings({name: Text.known(value) for name, value in given.items()}, Given.UNSET)
    return load_project(WrittenFiles(files), paths or ("compose.yml",), around)


def service(project: Project, name: str = "app") -> Service:
    found = project.service(name)
    assert found
    return found


def image(project: Project, name: str = "app") -> str:
    found = service(project, name).image
    return found.shown if found else ""


APP = "services:\n  app:\n    image: acme/app:${TAG:-latest}\n"


def test_an_image_has_the_default_of_its_variable() -> None:
    assert "acme/app:latest" == image(load({"compose.yml": APP}))


def test_the_env_file_beside_it_gives_variables() -> None:
    assert "acme/app:1.2" == image(load({"compose.yml": APP, ".env": "TAG=1.2\n"}))


def test_the_env_file_of_the_folder_of_the_first_file_counts() -> None:
    files = {"deploy/compose.yml": APP, ".env": "TAG=root\n", "deploy/.env": "TAG=deploy\n"}
    assert "acme/app:deploy" == image(load(files, "deploy/compose.yml"))


def test_the_environment_counts_more_than_the_env_file() -> None:
    assert "acme/app:given" == image(load({"compose.yml": APP, ".env": "TAG=1.2\n"}, TAG="given"))


def test_named_env_files_stand_instead_of_the_usual_one() -> None:
    files = WrittenFiles({"compose.yml": APP, ".env": "TAG=usual\n", "a.env": "TAG=a\n", "b.env": "TAG=b\n"})
    assert "acme/app:b" == image(load_project(files, ["compose.yml"], env_files=["a.env", "b.env"]))


def test_a_named_env_file_has_to_be_there() -> None:
    with pytest.raises(FileNotThere):
        load_project(WrittenFiles({"compose.yml": APP}), ["compose.yml"], env_files=["prod.env"])


def test_a_second_file_is_laid_over_the_first_one() -> None:
    over = "services:\n  app:\n    image: acme/app:prod\n    ports: ['80:80']\n"
    project = load({"compose.yml": APP + "    ports: ['443:443']\n", "prod.yml": over}, "compose.yml", "prod.yml")
    assert "acme/app:prod" == image(project)
    assert ["443", "80"] == [port.published for port in service(project).ports]


def test_what_is_reset_is_gone_and_what_overrides_stands_alone() -> None:
    over = "services:\n  app:\n    image: !reset null\n    ports: !override ['80:80']\n"
    project = load({"compose.yml": APP + "    ports: ['443:443']\n", "prod.yml": over}, "compose.yml", "prod.yml")
    assert "" == image(project)
    assert ["80"] == [port.published for port in service(project).ports]


def test_a_service_takes_what_it_does_not_say_from_the_one_that_it_extends() -> None:
    extending = "  worker:\n    extends: app\n    platform: linux/arm64\n"
    assert "acme/app:latest" == image(load({"compose.yml": APP + extending}), "worker")


def test_paths_of_an_extended_service_start_from_its_own_file() -> None:
    files = {
        "deploy/compose.yml": "services:\n  app:\n    extends: {file: ../shared/base.yml, service: base}\n",
        "shared/base.yml": "services:\n  base:\n    build: {context: app, dockerfile: docker/Dockerfile}\n",
    }
    build = service(load(files, "deploy/compose.yml")).build
    assert build
    assert ("shared/app", "shared/app/docker/Dockerfile") == (build.context.path, build.dockerfile.path)


def test_services_of_an_included_file_are_there_with_variables_of_its_own_folder() -> None:
    files = {"compose.yml": "include: [db/compose.yml]\n" + APP, "db/compose.yml": "services: {db: {image: 'pg:$PG'}}"}
    assert "pg:16" == image(load({**files, "db/.env": "PG=16\n"}), "db")


def test_anchors_and_merge_keys_are_followed() -> None:
    content = "x-app: &app\n  image: acme/app\nservices:\n  app:\n    <<: *app\n    platform: linux/amd64\n"
    assert "acme/app" == image(load({"compose.yml": content}))


def test_a_build_that_names_its_context_alone_has_the_usual_dockerfile() -> None:
    build = service(load({"a/compose.yml": "services: {app: {build: ..}}\n"}, "a/compose.yml")).build
    assert build
    assert ("", "Dockerfile") == (build.context.path, build.dockerfile.path)


def test_a_build_from_elsewhere_has_no_path_here() -> None:
    build = service(load({"compose.yml": "services: {app: {build: 'https://github.com/acme/app.git'}}\n"})).build
    assert build
    assert (True, None, None) == (build.context.is_remote, build.context.path, build.dockerfile.path)


def test_replicas_are_how_often_it_is_started() -> None:
    content = "services:\n  app:\n    image: a\n    deploy: {replicas: 3}\n"
    assert Text.known("3") == service(load({"compose.yml": content})).scale


@pytest.mark.parametrize(
    ("policy", "asks"), [("", True), ("    pull_policy: never\n", False), ("    build: .\n", False)]
)
def test_a_service_asks_a_registry_unless_its_image_is_made_here(policy: str, asks: bool) -> None:
    assert asks is service(load({"compose.yml": APP + policy})).asks_a_registry


def test_the_line_of_the_version_is_known() -> None:
    project = load({"compose.yml": "version: '3.8'\n" + APP})
    assert Span("compose.yml", 1, 1, 1, 15) == project.version


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("services:\n  a: {extends: b}\n  b: {extends: a}\n", Wrong.EXTENDS_IN_A_CIRCLE),
        ("services:\n  a: {extends: gone}\n", Wrong.EXTENDED_SERVICE_NOT_THERE),
        ("services:\n  a: {extends: {file: gone.yml, service: a}}\n", Wrong.EXTENDED_FILE_NOT_THERE),
        ("include: [gone.yml]\n", Wrong.INCLUDED_FILE_NOT_THERE),
        ("include: [compose.yml]\n", Wrong.INCLUDES_IN_A_CIRCLE),
        ("services: [a]\n", Wrong.NOT_A_MAP),
        ("services:\n  a: word\n", Wrong.NOT_A_MAP),
        ("services:\n  a: {image: '${A!}'}\n", Wrong.TEMPLATE),
        ("services:\n  a: {image: '${A:?}'}\n", Wrong.REQUIRED),
    ],
)
def test_what_is_wrong_is_said(content: str, wrong: Wrong) -> None:
    assert wrong in {problem.wrong for problem in load({"compose.yml": content}).problems}


def test_files_that_include_each_other_many_times_end() -> None:
    many = "\n".join(["include:"] + [f"  - {other}.yml" for other in range(12)])
    project = load({f"{name}.yml": many for name in range(12)}, "0.yml")
    assert project.problems


@settings(max_examples=60)
@given(st.text(alphabet="services: {}[]\n  image$-&*!<#'\"|a", max_size=200))
def test_anything_is_a_project_or_malformed(content: str) -> None:
    with suppress(MalformedFile):
        assert ("compose.yml",) == load({"compose.yml": "services:\n" + content}).files
