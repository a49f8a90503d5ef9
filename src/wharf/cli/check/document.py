"""A check for machines: one JSON object, and JUnit's XML."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from wharf.cli.output import Json
from wharf.doctor.check.berth import Berth
from wharf.doctor.check.checked import Checked
from wharf.doctor.check.course import works
from wharf.doctor.check.step import Line, Outcome, StepTold
from wharf.doctor.explanation import ExplainedCause, Explanation
from wharf.doctor.language import Language

_SUITE = "wharf check"


def document_of(found: Checked, berth: Berth, language: Language) -> dict[str, Json]:
    return {
        "registry": berth.registry,
        "repository": str(berth.repository),
        "tag": str(berth.tag),
        "works": works(found.told),
        "interrupted": found.interrupted,
        "steps": [_step(told, language) for told in found.told],
    }


def _step(told: StepTold, language: Language) -> Json:
    return {
        "number": told.step.number,
        "id": told.step.value,
        "title": told.step.title.in_(language),
        "outcome": told.outcome.value,
        "seconds": round(told.seconds, 3),
        "lines": [_line(line, language) for line in told.lines],
    }


def _line(line: Line, language: Language) -> Json:
    return {
        "mark": line.mark.value,
        "text": line.words.in_(language),
        **({"command": line.command} if line.command else {}),
        **({"error": _error(line)} if line.error is not None else {}),
        **({"explanation": _explanation(line.explained)} if line.explained is not None else {}),
    }


def _error(line: Line) -> Json:
    if line.error is None:
        return None
    told = line.error.diagnostics()
    return {
        "code": line.error.code,
        "cause": told.cause,
        "evidence": list(told.evidence),
        "nextStep": told.next_step,
    }


def _explanation(explained: Explanation) -> Json:
    return {
        "signature": explained.signature,
        "title": explained.title,
        "causes": [_cause(cause) for cause in explained.causes],
    }


def _cause(cause: ExplainedCause) -> Json:
    return {
        "id": cause.id,
        "text": cause.text,
        "fix": cause.fix,
        "commands": list(cause.commands),
        "patches": [{"file": patch.file, "text": patch.text} for patch in cause.patches],
        "probe": cause.probe,
        "verdict": cause.verdict.value,
        "evidence": list(cause.evidence),
    }


# --- JUnit -----------------------------------------------------------------------------------------------------------


def junit_of(found: Checked, berth: Berth, language: Language) -> str:
    """A test for each step."""
    failures = sum(told.outcome in {Outcome.FAILED, Outcome.INTERRUPTED} for told in found.told)
    skipped = sum(told.outcome is Outcome.NOT_DONE for told in found.told)
    seconds = f"{sum(told.seconds for told in found.told):.3f}"
    counts = {"tests": str(len(found.told)), "failures": str(failures), "skipped": str(skipped), "time": seconds}
    suites = Element("testsuites", {"name": _SUITE, **counts})
    suite = SubElement(suites, "testsuite", {"name": f"{_SUITE} {berth.registry}/{berth.repository}", **counts})
    for told in found.told:
        _case(suite, told, language)
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _case(suite: Element, told: StepTold, language: Language) -> None:
    name = f"{told.step.number} {told.step.title.in_(language)}"
    named = {"classname": f"wharf.check.{told.step.value}", "name": name, "time": f"{told.seconds:.3f}"}
    case = SubElement(suite, "testcase", named)
    text = _harmless("\n".join(_texts(told, language)))
    if told.outcome is Outcome.PASSED:
        SubElement(case, "system-out").text = text
    elif told.outcome is Outcome.NOT_DONE:
        SubElement(case, "skipped", {"message": text})
    else:
        message = told.error.diagnostics().cause if told.error is not None else told.outcome.value
        kind = told.error.code if told.error is not None else told.outcome.value
        SubElement(case, "failure", {"message": _harmless(message), "type": kind}).text = text


def _texts(told: StepTold, language: Language) -> list[str]:
    texts: list[str] = []
    for line in told.lines:
        texts.append(line.words.in_(language))
        texts += line.error.diagnostics().evidence if line.error is not None else ()
        if line.explained is not None:
            best = line.explained.causes[0]
            texts += [best.text, *best.evidence, best.fix, *best.commands]
        texts += [line.command] if line.command else []
    return texts


def _harmless(text: str) -> str:
    """Without characters that XML cannot hold at all."""
    return "".join(each if each.isprintable() or each in "\n\t" else "\N{REPLACEMENT CHARACTER}" for each in text)
