import json
from dataclasses import replace
from xml.etree import ElementTree as ET

from tests.doctor.findings import CI, finding, fix, found, report, words
from wharf.doctor.examine import Broken
from wharf.doctor.finding import Severity
from wharf.doctor.ignores import Ignore, Sifted
from wharf.doctor.language import Language
from wharf.doctor.reports.annotations import annotations_of
from wharf.doctor.reports.document import document_of
from wharf.doctor.reports.junit import junit_of
from wharf.doctor.reports.report import report_of
from wharf.doctor.reports.sarif import sarif_of
from wharf.formats.files import WrittenFiles
from wharf.formats.span import Span

FULL = report(found(finding(fixes=(fix(),))), found(name="other-rule", severity=Severity.WARNING))
EVIL = report(found(finding("a\n::error::b %0A <x>&\x1b[2J", span=Span.at("a,b:c\n.yml"))))


def test_the_document_tells_all_of_a_finding() -> None:
    assert {
        "rule": "some-rule",
        "severity": "error",
        "file": CI,
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 11,
        "message": "nobody pushes this",
        "evidence": [{"text": "it is asked for here", "file": "deploy.sh", "line": 1}],
        "cause": "seven digits",
        "fixes": [
            {
                "text": "say it in full",
                "safe": True,
                "diff": f"--- a/{CI}\n+++ b/{CI}\n@@ -1,2 +1,2 @@\n tags: |\n-  type=sha\n"
                "+  type=sha,format=long,prefix=\n",
            }
        ],
    } == json.loads(json.dumps(document_of(FULL)))["findings"][0]


def test_the_document_counts() -> None:
    assert {"errors": 1, "warnings": 1, "notes": 0, "ignored": 0} == document_of(FULL)["summary"]


def test_a_report_speaks_one_language() -> None:
    korean = replace(FULL, language=Language.KOREAN)

    assert "아무도 올리지 않습니다" in json.dumps(document_of(korean), ensure_ascii=False)


def test_what_is_ignored_is_told_with_its_reason() -> None:
    sifted = Sifted((), ((found(), Ignore("some-rule", (), "so it is")),), ())
    made = document_of(report_of(sifted, WrittenFiles({}), Language.ENGLISH))

    assert "so it is" in json.dumps(made["ignored"])


def test_a_rule_that_broke_was_not_looked_at() -> None:
    broken = Broken(found().rule, ValueError("oh"))
    made = report_of(Sifted((), (), ()), WrittenFiles({}), Language.ENGLISH, [words("the registry")], [broken])

    assert ["the registry", "some-rule"] == [
        words.english.replace("the rule ", "").partition(":")[0] for words in made.not_looked_at
    ]


def test_sarif_has_a_rule_a_place_and_a_fix_for_each_result() -> None:
    (run,) = json.loads(json.dumps(sarif_of(FULL, "1.0")))["runs"]
    first = run["results"][0]

    assert ["some-rule", "other-rule"] == [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ("error", 0) == (first["level"], first["ruleIndex"])
    assert {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 11} == first["locations"][0][
        "physicalLocation"
    ]["region"]
    assert (
        "type=sha,format=long,prefix="
        == first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"]
    )


def test_sarif_knows_a_finding_again_when_lines_before_it_come() -> None:
    moved = report(found(finding(span=Span(CI, 3, 3, 3, 11))), files=WrittenFiles({CI: "# new\ntags: |\n  type=sha\n"}))
    prints = [json.loads(json.dumps(sarif_of(each, "1")))["runs"][0]["results"][0] for each in (FULL, moved)]

    assert prints[0]["partialFingerprints"] == prints[1]["partialFingerprints"]


def test_an_annotation_names_the_place_and_what_helps() -> None:
    assert [
        (
            f"::error file={CI},line=2,endLine=2,col=3,endColumn=11,title=wharf%3A some-rule::"
            "nobody pushes this%0Aseven digits%0Asay it in full%0A+ type=sha,format=long,prefix="
        ),
        (
            f"::warning file={CI},line=2,endLine=2,col=3,endColumn=11,title=wharf%3A other-rule::"
            "nobody pushes this%0Aseven digits"
        ),
    ] == list(annotations_of(FULL))


def test_nothing_that_was_read_becomes_an_annotation_of_its_own() -> None:
    (line,) = annotations_of(EVIL)

    assert "\n" not in line
    assert "%250A" in line
    assert "file=a%2Cb%3Ac%0A.yml," in line


def test_junit_fails_for_errors_alone() -> None:
    suites = ET.fromstring(junit_of(FULL))

    assert ("2", "1") == (suites.get("tests"), suites.get("failures"))
    assert [True, False] == [case.find("failure") is not None for case in suites.iter("testcase")]


def test_junit_of_nothing_is_a_test_that_passed() -> None:
    assert "1" == ET.fromstring(junit_of(report())).get("tests")


def test_junit_holds_nothing_that_xml_cannot() -> None:
    assert "\N{REPLACEMENT CHARACTER}[2J" in (ET.fromstring(junit_of(EVIL)).findtext(".//failure") or "")
