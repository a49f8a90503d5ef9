"""What the fixes of rules about compose files make of a file, and what these rules leave in peace."""

import pytest

from wharf.doctor.checkout import Checkout
from wharf.doctor.edits import changes_by
from wharf.doctor.history import History
from wharf.doctor.rule import Rule
from wharf.doctor.rules.compose.compose_dependency_unknown import RULE as DEPENDENCY_UNKNOWN
from wharf.doctor.rules.compose.compose_env_file_missing import RULE as ENV_FILE_MISSING
from wharf.doctor.rules.compose.compose_image_invalid import RULE as IMAGE_INVALID
from wharf.doctor.rules.compose.compose_not_declared import RULE as NOT_DECLARED
from wharf.doctor.rules.compose.compose_port_taken import RULE as PORT_TAKEN
from wharf.doctor.rules.compose.compose_variable_misspelled import RULE as MISSPELLED
from wharf.doctor.rules.compose.compose_version_obsolete import RULE as VERSION_OBSOLETE
from wharf.formats.files import WrittenFiles

APP = "services:\n  app:\n    image: "


def mended(rule: Rule, content: str, **others: str) -> str:
    files = WrittenFiles({"compose.yaml": content, **{f".{name}": text for name, text in others.items()}})
    findings = list(rule.check(Checkout(files, History())))
    (change,) = changes_by([finding.fixes[0] for finding in findings], files)
    return change.after


def found(rule: Rule, files: dict[str, str]) -> int:
    return len(list(rule.check(Checkout(WrittenFiles(files), History()))))


@pytest.mark.parametrize("version", ["version: '3.8'\n", 'version: "3" # old\n', "version: 3.8\r\n"])
def test_the_line_of_the_version_is_taken_away(version: str) -> None:
    assert APP + "a\n" == mended(VERSION_OBSOLETE, version + APP + "a\n")


def test_a_repository_is_written_in_small_letters_and_the_tag_is_left() -> None:
    assert f"{APP}ghcr.io/acme/app:V1\n" == mended(IMAGE_INVALID, f"{APP}ghcr.io/Acme/App:V1\n")


@pytest.mark.parametrize(("before", "after"), [("$IMAGE_TGA", "$IMAGE_TAG"), ("${IMAGE_TGA:-x}", "${IMAGE_TAG:-x}")])
def test_a_variable_gets_the_name_that_is_set(before: str, after: str) -> None:
    assert f"{APP}a:{after}\n" == mended(MISSPELLED, f"{APP}a:{before}\n", env="IMAGE_TAG=1\n")


def test_a_variable_with_another_letter_is_another_variable() -> None:
    assert 0 == found(MISSPELLED, {"compose.yaml": f"{APP}a:${{APP_PORT:-1}}\n", ".env": "API_PORT=2\n"})


def test_a_file_that_git_ignores_may_be_missing() -> None:
    content = f"{APP}a\n    env_file: .env.prod\n"
    assert 0 == found(ENV_FILE_MISSING, {"compose.yaml": content, ".gitignore": ".env*\n", ".env.production": ""})


def test_a_swarm_shares_one_port() -> None:
    content = f"{APP}a\n    ports: ['80:80']\n    deploy: {{replicas: 2}}\n"
    assert 1 == found(PORT_TAKEN, {"compose.yaml": content})
    assert 0 == found(PORT_TAKEN, {"compose.yaml": content, "deploy.sh": "docker stack deploy -c compose.yaml app\n"})


OVER = "services:\n  exporter:\n    image: acme/exporter:1\n    depends_on: [db]\n    networks: [backend]\n"
BASE = "services:\n  db:\n    image: postgres:17\nnetworks:\n  backend:\n"


@pytest.mark.parametrize("rule", [DEPENDENCY_UNKNOWN, NOT_DECLARED])
def test_a_file_that_has_to_be_named_may_be_laid_over_one_of_another_folder(rule: Rule) -> None:
    assert 0 == found(rule, {"compose.yaml": BASE, "watching/compose.watch.yaml": OVER})
    assert 1 == found(rule, {"compose.yaml": BASE, "watching/compose.yaml": OVER})
    assert 1 == found(rule, {"watching/compose.watch.yaml": OVER})
