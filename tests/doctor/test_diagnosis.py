from io import BytesIO

import pytest

from wharf.doctor.catalogue import known_failures
from wharf.doctor.diagnosis import Diagnosis, Role, diagnosis, diagnosis_of
from wharf.doctor.facts import FactName, Facts
from wharf.doctor.origin import Here, Place

DENIED = 'Error response from daemon: Head "https://ghcr.io/v2/team/app/manifests/1": denied: denied'
PASS = "pass not initialized: exit status 1"
NO_CREDENTIALS = "no basic auth credentials"
WARNING = "WARNING! Using --password via the CLI is insecure. Use --password-stdin."
HEALTHY = "#7 [3/5] RUN npm ci\n#7 6.204 added 312 packages in 6s\n" * 50
# Put together here: no file of the project names a folder of somebody.
OF_MACOS, OF_LINUX = "/Users" + "/dev", "/home" + "/dev"
JOB_FAILED = "##[error]Process completed with exit code 1.\n"


def diagnosed(text: str, here: Here | None = None) -> Diagnosis:
    return diagnosis(text, known_failures(), here=here or Here())


def told(text: str) -> list[tuple[str, Role]]:
    return [(one.match.signature.id, one.role) for one in diagnosed(text).told]


def test_the_only_failure_decides() -> None:
    assert [("ghcr-denied", Role.DECISIVE)] == told(HEALTHY + DENIED)


def test_of_two_failures_the_first_decides() -> None:
    assert [("ghcr-denied", Role.DECISIVE), ("pass-not-initialised", Role.SEPARATE)] == told(
        f"{DENIED}\n{HEALTHY}{PASS}"
    )


def test_of_two_failures_the_one_before_the_end_of_the_job_decides() -> None:
    assert [("pass-not-initialised", Role.DECISIVE), ("ghcr-denied", Role.SEPARATE)] == told(
        f"{DENIED}\n{HEALTHY}{PASS}\n{JOB_FAILED}"
    )


def test_of_failures_that_stand_together_before_the_end_the_first_decides() -> None:
    assert ["ghcr-denied", "pass-not-initialised"] == [name for name, _ in told(f"{DENIED}\n{PASS}\n{JOB_FAILED}")]


def test_what_else_can_be_read_from_one_message_is_no_failure_of_its_own() -> None:
    roles = [role for _, role in told(f"pass not initialized: {DENIED}")]
    assert [Role.DECISIVE, Role.CONSEQUENCE] == roles


def test_what_was_tried_again_and_went_well_stopped_nobody() -> None:
    log = f"{DENIED}\nRetrying in 5 seconds\nStatus: Downloaded newer image for ghcr.io/team/app:1\n{HEALTHY}{PASS}"
    assert [("pass-not-initialised", Role.DECISIVE), ("ghcr-denied", Role.REMARK)] == told(log)


def test_what_was_tried_again_in_vain_decides() -> None:
    assert [("ghcr-denied", Role.DECISIVE)] == told(f"{DENIED}\nRetrying in 5 seconds\n{DENIED}\n{JOB_FAILED}")


def test_a_remark_from_which_a_failure_follows_decides() -> None:
    log = 'The "IMAGE_TAG" variable is not set. Defaulting to a blank string.\ninvalid reference format\n'
    assert [("compose-variable-blank", Role.DECISIVE), ("image-name-invalid", Role.CONSEQUENCE)] == told(log)


def test_a_warning_is_a_remark_wherever_it_stands() -> None:
    assert [("ghcr-denied", Role.DECISIVE), ("password-on-command-line", Role.REMARK)] == told(f"{WARNING}\n{DENIED}")


@pytest.mark.parametrize(
    "shown",
    [
        f"+ echo '{NO_CREDENTIALS}'",
        f"$ grep '{NO_CREDENTIALS}' build.log",
        f"# {NO_CREDENTIALS}: log in first",
        f"##[group]Run ./deploy.sh\n\x1b[36;1mtest '{NO_CREDENTIALS}' && exit 1\x1b[0m\n##[endgroup]\ndeployed",
        f"2026-03-01T09:00:00.1Z + grep -q '{NO_CREDENTIALS}' log",
        f"#9 [4/4] RUN grep -q '{NO_CREDENTIALS}' log",
    ],
)
def test_what_is_only_shown_was_not_said(shown: str) -> None:
    assert [] == told(shown)


def test_what_is_shown_first_and_then_said_is_found_where_it_was_said() -> None:
    found = diagnosed(f"+ echo '{NO_CREDENTIALS}'\n{NO_CREDENTIALS}").told
    assert [2] == [one.match.line_number for one in found]


def test_the_lines_around_a_failure_come_with_it_without_colours() -> None:
    log = diagnosed(f"{HEALTHY}\x1b[31m{DENIED}\x1b[0m\nnext line").told[0].log
    assert DENIED in log.split("\n")
    assert "next line" == log.split("\n")[-1]
    assert 20 > len(log.split("\n"))


def test_what_is_known_of_the_machine_comes_after_what_was_said() -> None:
    silent = next(one for one in known_failures() if one.state is not None and one.is_silent)
    assert silent.state is not None
    known = {each.fact: min(each.values, key=str) for each in silent.state.all_of}
    facts = Facts({**{each.fact: frozenset[str]() for each in silent.state.none_of}, **known})
    found = diagnosis(DENIED, known_failures(), facts).told
    assert ("ghcr-denied", Role.DECISIVE) == (found[0].match.signature.id, found[0].role)
    assert silent.id in [one.match.signature.id for one in found[1:]]
    assert Role.DECISIVE is diagnosis("", known_failures(), facts).told[0].role
    assert FactName("nothing.at_all") not in facts.known


def test_nothing_is_told_of_nothing() -> None:
    assert Diagnosis() == diagnosed("")


def test_where_nothing_is_recognised_what_comes_near_is_named() -> None:
    found = diagnosed("error while storing credentials - err: exit status 9, out: `the vault is closed`")
    assert () == found.told or () == found.nearest
    found = diagnosed("open the file /x/.docker/config.json failed: permission was denied")
    assert () == found.told
    assert all(0 < near.share <= 1 and near.line for near in found.nearest)


def test_where_something_is_recognised_nothing_is_said_to_be_near() -> None:
    assert () == diagnosed(DENIED).nearest


def test_a_stream_is_read_like_a_text() -> None:
    assert diagnosed(f"{HEALTHY}{DENIED}") == diagnosis_of(BytesIO(f"{HEALTHY}{DENIED}".encode()), known_failures())


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("2026-03-01T09:00:00Z ##[group]Runner Image Provisioner", Place.GITHUB),
        ("Running with gitlab-runner 16.9.1 (782c6ecb)", Place.GITLAB),
        ("  Warning  Failed  3s  kubelet  Failed to pull image", Place.KUBERNETES),
        ("open //./pipe/docker_engine: The system cannot find the file specified.", Place.WINDOWS),
        (r"C:\Users\dev\.docker\config.json", Place.WINDOWS),
        (f"error in {OF_MACOS}/app/Dockerfile", Place.MACOS),
    ],
)
def test_a_text_from_elsewhere_says_so(line: str, place: Place) -> None:
    origin = diagnosed(f"first\n{line}\n{DENIED}", Here("linux")).origin
    assert origin is not None
    assert (place, 2) == (origin.place, origin.line_number)


@pytest.mark.parametrize(
    ("line", "here"),
    [
        ("2026-03-01T09:00:00.1Z ##[error]it failed", Here("linux")),
        ("##[error]Process completed with exit code 1.", Here("linux")),
        ("Current runner version: '2.319.1'", Here("linux")),
        ("##[group]Runner Image Provisioner", Here("linux", {"GITHUB_ACTIONS": "true"})),
        ("Running with gitlab-runner 16.9.1 (782c6ecb)", Here("linux", {"GITLAB_CI": "true"})),
        ("open //./pipe/docker_engine: not found", Here("win32")),
        (r"C:\Users\dev\.docker\config.json", Here("linux", {"WSL_DISTRO_NAME": "Ubuntu"})),
        (f"error in {OF_MACOS}/app/Dockerfile", Here("darwin")),
        (f"error in {OF_LINUX}/app/Dockerfile", Here("linux")),
        (f"https://example.com{OF_MACOS} and c:users", Here("linux")),
    ],
)
def test_a_text_that_may_be_from_here_is(line: str, here: Here) -> None:
    assert diagnosed(f"{line}\n{DENIED}", here).origin is None
