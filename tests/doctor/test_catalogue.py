import re
import time
import tomllib
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.cases import each
from tests.doctor.log_lines import LINES, ROWS
from wharf.doctor.catalogue import Catalogue, known_failures, read_catalogue
from wharf.doctor.facts import FactName, Facts, Known, Verdict
from wharf.doctor.language import Words
from wharf.doctor.pattern import Capture
from wharf.doctor.probe import known_probes
from wharf.doctor.signature import Cause, Signature
from wharf.errors import SettingRefused

SIGNATURES = tuple(known_failures())
_placeholder = re.compile(r"\{([a-z]+)\}")
_hangul = re.compile("[가-힣]")
# How a statement or an instruction ends in the form of politeness that is used throughout.
_polite_ending = re.compile(r"(니다|십시오)(?:\([^)]*\))?\.?$")


def names(signature: Signature) -> str:
    return signature.id


def words_of(signature: Signature) -> Iterator[Words]:
    yield signature.title
    for cause in signature.causes:
        yield cause.words
        yield cause.fix.words


@each("signature", SIGNATURES, ids=names)
def test_everything_is_said_in_both_languages(signature: Signature) -> None:
    for words in words_of(signature):
        assert not _hangul.search(words.english)
        assert _hangul.search(words.korean)


@each("signature", SIGNATURES, ids=names)
def test_korean_statements_end_politely(signature: Signature) -> None:
    for words in words_of(signature):
        assert [] == [said for said in sentences(words.korean) if not _polite_ending.search(said)]


@each("signature", SIGNATURES, ids=names)
def test_both_languages_speak_of_the_same_captures(signature: Signature) -> None:
    for words in words_of(signature):
        assert set(_placeholder.findall(words.english)) == set(_placeholder.findall(words.korean))


@each("signature", SIGNATURES, ids=names)
def test_only_known_captures_are_spoken_of(signature: Signature) -> None:
    commands = [command.text for cause in signature.causes for command in cause.fix.commands]
    said = [words.english for words in words_of(signature)] + commands
    assert set() == set(_placeholder.findall(" ".join(said))) - {capture.label for capture in Capture}


@each("signature", SIGNATURES, ids=names)
def test_a_condition_speaks_of_what_the_probe_of_its_cause_finds(signature: Signature) -> None:
    for cause in signature.causes:
        asked = cause.when.asks_for()
        assert not asked or any(fact in cause.probe.facts for fact in asked), cause.id


@each("signature", SIGNATURES, ids=names)
def test_a_command_is_one_line_and_holds_no_secret(signature: Signature) -> None:
    for cause in signature.causes:
        for command in cause.fix.commands:
            assert "\n" not in command.text
            assert not re.search(r"(?:--password|-p)[ =](?!stdin)", command.text)


@each("signature", SIGNATURES, ids=names)
def test_each_signature_that_speaks_has_two_lines_that_were_seen(signature: Signature) -> None:
    assert signature.is_silent or 2 <= sum(1 for name, _ in LINES if name == signature.id)


@each("signature", SIGNATURES, ids=names)
def test_particles_fit_whatever_a_log_puts_before_them(signature: Signature) -> None:
    said = " ".join(words.korean for words in words_of(signature))
    assert [] == re.findall(r"\{[a-z]+\}`?(?:으로|[가이는은를을와과로])(?=[ .,])", said)


@each("signature", SIGNATURES, ids=names)
def test_a_title_fits_a_line_of_a_terminal(signature: Signature) -> None:
    assert 78 >= max(map(width, (signature.title.english, signature.title.korean)))


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def test_each_row_of_the_reference_is_known() -> None:
    failures = {f"F{row:02}" for row in range(1, 82)}
    assert ROWS == failures | {f"T{row}" for row in range(1, 51)} | {f"X{row}" for row in range(1, 9)}


def test_there_are_as_many_signatures_and_texts_as_promised() -> None:
    assert 131 <= len(SIGNATURES)
    assert 300 <= len(LINES)


@each("signature", SIGNATURES, ids=names)
def test_english_statements_are_sentences(signature: Signature) -> None:
    for cause in signature.causes:
        assert "." == cause.words.english[-1] == cause.fix.words.english[-1]
    assert "." != signature.title.english[-1]


@each("signature", SIGNATURES, ids=names)
def test_facts_that_speak_for_a_cause_speak_for_none_above_it(signature: Signature) -> None:
    for place, cause in enumerate(signature.causes):
        if cause.when.asks_for():
            facts = facts_for(cause)
            holding = [above.id for above in signature.causes[:place] if above.when.verdict(facts) is Verdict.HOLDS]
            assert (Verdict.HOLDS, []) == (cause.when.verdict(facts), holding)


@each("signature", [known for known in SIGNATURES if known.is_silent], ids=names)
def test_a_silent_signature_has_a_state_that_shows_it(signature: Signature) -> None:
    assert signature.state is not None
    assert () != signature.state.all_of


def test_the_catalogue_is_read_quickly() -> None:
    """Beside what the library takes for the same files alone: how fast the machine is today is no matter."""
    folder = files("wharf.doctor").joinpath("signatures")
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".toml")]
    took = [
        (seconds_of(lambda: read_catalogue(folder, known_probes())), seconds_of(lambda: [*map(tomllib.loads, texts)]))
        for _ in range(3)
    ]
    ours, bare = map(min, zip(*took, strict=True))
    assert 5 * bare > ours, took


def seconds_of(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def test_a_new_file_is_a_new_signature(tmp_path: Path) -> None:
    (tmp_path / "a-new-one.toml").write_text(written("a new failure"), encoding="utf-8")
    assert ["a-new-one"] == [signature.id for signature in read_catalogue(tmp_path, known_probes())]


def test_other_files_beside_them_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("notes")
    assert 0 == len(read_catalogue(tmp_path, known_probes()))


def test_two_signatures_with_one_pattern_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(written("a new failure"), encoding="utf-8")
    (tmp_path / "two.toml").write_text(written("a new failure"), encoding="utf-8")
    with pytest.raises(SettingRefused, match="one has the same pattern"):
        read_catalogue(tmp_path, known_probes())


def test_two_signatures_with_one_id_are_refused() -> None:
    with pytest.raises(SettingRefused, match="there are two of this id"):
        Catalogue([SIGNATURES[0], SIGNATURES[0]])


def test_a_signature_that_outranks_a_stranger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('outranks = ["nobody"]\n' + written("a new failure"), encoding="utf-8")
    with pytest.raises(SettingRefused, match="no such signature is known"):
        read_catalogue(tmp_path, known_probes())


@pytest.mark.slow
def test_the_wheel_brings_the_catalogue_along(wheel: zipfile.ZipFile) -> None:
    packed = {Path(name).stem for name in wheel.namelist() if "/doctor/signatures/" in name}
    assert {signature.id for signature in SIGNATURES} == packed
    assert "wharf/doctor/probes/config.toml" in wheel.namelist()


@pytest.fixture
def wheel(tmp_path: Path) -> Iterator[zipfile.ZipFile]:
    builder = pytest.importorskip("hatchling.builders.wheel")
    root = Path(__file__).resolve().parents[2]
    made = next(iter(builder.WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])))
    with zipfile.ZipFile(made) as archive:
        yield archive


def facts_for(cause: Cause) -> Facts:
    """The least that must be known for the cause to hold."""
    known: dict[FactName, Known] = {each.fact: min(each.values, key=str) for each in cause.when.all_of}
    return Facts({**{each.fact: frozenset[str]() for each in cause.when.none_of}, **known})


def sentences(text: str) -> list[str]:
    """Full stops end a sentence if white space or nothing follows; a title has none."""
    return [said.strip() for said in re.split(r"(?<=[.])\s+(?=[가-힣\"'`\w])", text) if said.strip()]


def written(pattern: str) -> str:
    return f"""\
title = {{ en = "It failed", ko = "실패했습니다" }}
[[patterns]]
text = "{pattern}"
by = ["docker"]
[[causes]]
id = "some-cause"
probe = "config"
text = {{ en = "Something is so.", ko = "그렇습니다." }}
fix = {{ en = "Do something.", ko = "조치하십시오." }}
"""
