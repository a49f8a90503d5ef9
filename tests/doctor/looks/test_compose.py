"""Which compose projects a repository has."""

from wharf.doctor.checkout import Checkout
from wharf.doctor.history import History
from wharf.doctor.looks.compose import compose_asked, compose_projects, stands_alone
from wharf.formats.files import WrittenFiles

APP = "services:\n  app:\n    image: acme/app:1\n"


def checkout(files: dict[str, str]) -> Checkout:
    return Checkout(WrittenFiles(files), History())


def projects(files: dict[str, str]) -> list[tuple[str, ...]]:
    return [project.files for project in checkout(files).once(compose_projects)]


def test_a_folder_has_one_project_with_its_override() -> None:
    files = {"compose.yaml": APP, "docker-compose.yml": APP, "compose.override.yaml": APP}
    assert [("compose.yaml", "compose.override.yaml")] == projects(files)


def test_another_file_that_says_what_it_runs_is_a_project_of_its_own() -> None:
    files = {"docker-compose.yml": APP, "docker-compose.prod.yml": APP}
    assert [("docker-compose.yml",), ("docker-compose.prod.yml",)] == projects(files)


def test_another_file_that_does_not_is_laid_over_the_first_one() -> None:
    files = {"docker-compose.yml": APP, "docker-compose.prod.yml": "services:\n  app:\n    restart: always\n"}
    assert ("docker-compose.yml", "docker-compose.prod.yml") in projects(files)


def test_a_file_that_is_extended_is_no_project_of_its_own() -> None:
    extending = "services:\n  app:\n    extends: {file: compose.common.yml, service: app}\n"
    assert [("compose.yml",)] == projects({"compose.yml": extending, "compose.common.yml": APP})


def test_files_without_services_are_passed_over() -> None:
    assert [] == projects({"stack.yml": "Resources: {}\n", "compose.yml": ""})


def test_a_broken_file_is_noted_and_a_template_is_not() -> None:
    seen = checkout({"compose.yml": "services:\n\ta: 1\n", "docker-compose.tpl.yml": "services:\n{% if a %}\n"})
    assert () == seen.once(compose_projects)
    assert ["compose.yml"] == [problem.file for problem in seen.problems]


def test_services_that_are_built_ask_nobody() -> None:
    files = {"compose.yml": APP + "  own:\n    build: .\n    image: own:1\n"}
    (project,) = checkout(files).once(compose_projects)
    assert ["acme/app:1"] == [asked.reference.flat for asked in compose_asked(project)]


def test_a_file_that_does_not_say_what_it_runs_is_not_judged_as_a_whole() -> None:
    (project,) = checkout({"dev/docker-compose.dev.yml": "services:\n  app:\n    depends_on: [db]\n"}).once(
        compose_projects
    )
    assert not stands_alone(project)
