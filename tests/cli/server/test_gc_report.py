import json
from io import StringIO
from pathlib import Path

from tests.cli.stage import Terminal
from wharf.cli.output import Output
from wharf.cli.server.gc_report import Detail, Rehearsal, Report, ReportForMachines, ReportForPeople
from wharf.cli.surroundings import Surroundings
from wharf.registry.services.garbage import Reclaimed

BLOB = Reclaimed("blob", "sha256:aa", 2048, "no repository holds it")
HOLD = Reclaimed("hold", "team/app@sha256:aa", 0, "no manifest of team/app names it")
UNHEARD_OF = Reclaimed("lease", "x", 1, "new")
DATA = Path("/srv/wharf")


def told(kind: type[ReportForPeople | ReportForMachines], detail: Detail, *things: Reclaimed) -> str:
    out = StringIO()
    report = kind(Output(Surroundings({}, out, StringIO(), Path())), DATA, Rehearsal.WOULD_GO, detail)
    tell(report, things)
    return out.getvalue()


def tell(report: Report, things: tuple[Reclaimed, ...]) -> None:
    for thing in things:
        report.tell(thing)
    report.close()


def test_a_person_is_told_when_there_was_nothing() -> None:
    assert told(ReportForPeople, Detail.SUMMARY) == "/srv/wharf: nothing to reclaim\n"


def test_a_person_gets_a_summary_by_kind() -> None:
    assert told(ReportForPeople, Detail.SUMMARY, BLOB, HOLD, BLOB).splitlines() == [
        "/srv/wharf: would reclaim 4.0 KiB in 3 things",
        "  holds on blobs  1      0 B",
        "  blobs           2  4.0 KiB",
    ]


def test_a_person_is_told_each_thing_and_why() -> None:
    first = told(ReportForPeople, Detail.EACH_THING, BLOB).splitlines()[0]
    assert first == "blob sha256:aa (2.0 KiB): no repository holds it"


def test_a_kind_that_is_new_is_counted_too() -> None:
    assert "  lease  1  1 B" in told(ReportForPeople, Detail.SUMMARY, UNHEARD_OF)


def test_a_person_sees_how_far_it_is() -> None:
    err = Terminal()
    output = Output(Surroundings({}, StringIO(), err, Path()))
    tell(ReportForPeople(output, DATA, Rehearsal.WENT, Detail.SUMMARY), (HOLD,) * 250)
    assert err.getvalue().split("\r\x1b[K") == ["", "reclaimed 0 B in 100 things", "reclaimed 0 B in 200 things", ""]


def test_a_machine_gets_one_object_with_every_kind() -> None:
    nothing = {"count": 0, "bytes": 0}
    assert json.loads(told(ReportForMachines, Detail.SUMMARY, BLOB, HOLD)) == {
        "data": "/srv/wharf",
        "dryRun": True,
        "count": 2,
        "bytes": 2048,
        "kinds": {
            "deleted": nothing,
            "manifest": nothing,
            "hold": {"count": 1, "bytes": 0},
            "blob": {"count": 1, "bytes": 2048},
            "copy": nothing,
            "upload": nothing,
        },
    }


def test_a_machine_gets_each_thing_where_it_asks() -> None:
    assert json.loads(told(ReportForMachines, Detail.EACH_THING, BLOB))["things"] == [
        {"kind": "blob", "what": "sha256:aa", "bytes": 2048, "why": "no repository holds it"}
    ]
