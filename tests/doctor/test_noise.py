from collections.abc import Iterator
from io import BytesIO

import pytest

from tests.doctor.log_lines import LINES
from tests.doctor.noise import NOISES
from wharf.doctor.catalogue import known_failures
from wharf.doctor.diagnosis import diagnosis, diagnosis_of


def first_of(text: str) -> str:
    told = diagnosis(text, known_failures()).told
    return told[0].match.signature.id if told else "not known"


def misread(kind: str) -> Iterator[tuple[str, str, str]]:
    for signature, text in LINES:
        found = first_of(NOISES[kind](text))
        if found != signature:
            yield signature, found, text


@pytest.mark.slow
@pytest.mark.parametrize("kind", NOISES)
def test_a_text_leads_to_its_signature_whatever_its_log_made_of_it(kind: str) -> None:
    assert [] == list(misread(kind))


@pytest.mark.parametrize("kind", NOISES)
def test_some_texts_of_each_kind_of_noise_do_too(kind: str) -> None:
    place = list(NOISES).index(kind)
    some = LINES[place :: len(NOISES) * 3]
    assert [signature for signature, _ in some] == [first_of(NOISES[kind](text)) for _, text in some]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_log_that_windows_wrote_is_read(encoding: str) -> None:
    log = BytesIO("Login did not succeed\r\nError response from daemon: denied: denied\r\n".encode(encoding))
    told = diagnosis_of(log, known_failures()).told
    assert [("ghcr-denied", 2)] == [(one.match.signature.id, one.match.line_number) for one in told]
