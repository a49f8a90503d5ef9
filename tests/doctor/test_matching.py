import time

import pytest

from tests.cases import each
from tests.doctor.log_lines import LINES, UNRELATED
from tests.oci.hostile import ENORMOUS_TEXTS
from wharf.doctor.catalogue import known_failures
from wharf.doctor.log_pieces import PIECE
from wharf.doctor.matching import Match, matches
from wharf.doctor.pattern import Capture

NOISE = """\
2024-05-21T07:10:58.1Z Pulling from library/alpine
2024-05-21T07:10:59.2Z e3b0c44298fc: Pull complete
2024-05-21T07:11:01.9Z Status: Downloaded newer image for alpine:3.20
"""
TEMPLATES = [each.template for known in known_failures() for each in known.patterns]


def found(text: str) -> list[str]:
    return [match.signature.id for match in matches(text, known_failures())]


def best(text: str) -> Match:
    return matches(text, known_failures())[0]


@each("signature, line", LINES)
def test_a_line_that_was_seen_leads_first_to_its_signature(signature: str, line: str) -> None:
    assert signature == found(line)[0]


@each("line", UNRELATED)
def test_other_lines_lead_nowhere(line: str) -> None:
    assert [] == found(line)


def test_nothing_is_found_in_nothing() -> None:
    assert () == matches("", known_failures())


def test_what_can_be_read_from_the_line_is_kept() -> None:
    match = best(
        'error getting credentials - err: exec: "docker-credential-desktop.exe": executable file not found in $PATH'
    )
    assert "desktop.exe" == match.captured[Capture.HELPER]


def test_the_registry_and_the_repository_are_read_from_the_rest_of_the_line() -> None:
    match = best('Head "https://ghcr.io/v2/team/app/manifests/latest": denied: denied')
    assert {Capture.HOST: "ghcr.io", Capture.REPOSITORY: "team/app"} == dict(match.captured)


def test_a_special_case_stands_for_the_general_one() -> None:
    assert ["gcloud-helper-not-on-path"] == found(
        'exec: "docker-credential-gcloud": executable file not found in $PATH'
    )


def test_a_consequence_comes_after_its_cause_wherever_it_stands() -> None:
    log = "no basic auth credentials\n" + NOISE + "A specified logon session does not exist.\n"
    assert ["wincred-no-logon-session", "no-basic-auth-credentials"] == found(log)


def test_of_two_failures_the_first_in_the_log_comes_first() -> None:
    one, other = "denied: denied\n", "pass not initialized\n"
    assert ["ghcr-denied", "pass-not-initialised"] == found(one + NOISE + other)
    assert ["pass-not-initialised", "ghcr-denied"] == found(other + NOISE + one)


def test_the_line_is_shown_without_colours() -> None:
    assert "error: denied: denied" == best("\x1b[31merror:\x1b[0m denied: denied\r\n").line


def test_of_an_enormous_line_the_part_around_the_failure_is_shown() -> None:
    shown = best("x" * 100_000 + " error from daemon: denied: denied " + "y" * 100_000).line
    assert len(shown) <= 400
    assert "denied: denied" in shown


def test_the_line_number_is_right_in_a_long_log() -> None:
    lines = [f"2024-05-21T07:10:58 #{number} RUN make" for number in range(100_000)]
    lines[77_776] = "ERROR: denied: denied"
    match = best("\n".join(lines))
    assert (77_777, "ERROR: denied: denied") == (match.line_number, match.line)


@each("offset", range(-60, 60, 7))
def test_a_failure_on_the_seam_of_two_pieces_is_found(offset: int) -> None:
    before = "a line of sixteen\n" * ((PIECE + offset) // 18)
    assert before.count("\n") + 1 == best(before + "error:\n  denied: denied\n" + before).line_number - 1


@pytest.mark.slow
def test_a_long_log_is_read_in_a_few_seconds() -> None:
    log = "2024-11-02T10:00:00Z #12 [stage 14/9] RUN npm ci added packages in 13s\n" * 300_000
    begun = time.thread_time()
    assert ["ghcr-denied"] == found(log + "denied: denied")
    assert 30 > time.thread_time() - begun


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_enormous_text_leads_nowhere_and_costs_little(kind: str) -> None:
    begun = time.thread_time()
    assert [] == found(ENORMOUS_TEXTS[kind])
    assert 15 > time.thread_time() - begun


@pytest.mark.parametrize("template", TEMPLATES[::60])
def test_text_made_of_the_beginnings_of_a_pattern_costs_little(template: str) -> None:
    assert 15 > seconds_for_beginnings_of(template)


@pytest.mark.slow
def test_text_made_of_the_beginnings_of_any_pattern_costs_little() -> None:
    assert 15 > max(map(seconds_for_beginnings_of, TEMPLATES))


def seconds_for_beginnings_of(template: str) -> float:
    begun = time.thread_time()
    for cut in (len(template) // 2, len(template) - 2):
        found(template[:cut] * (200_000 // len(template)))
    return time.thread_time() - begun


def test_text_that_nearly_fits_again_and_again_costs_little() -> None:
    begun = time.thread_time()
    found("open /" * 30_000 + "open /a/.docker/config.json: permission " * 30_000)
    found("loading config file: " * 50_000 + "rename /x/config.json" * 50_000)
    assert 40 > time.thread_time() - begun
