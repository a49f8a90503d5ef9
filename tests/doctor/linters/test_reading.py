"""What hadolint, actionlint and zizmor print, read into one form. The examples are what they really printed."""

from wharf.doctor.finding import Severity
from wharf.doctor.linters.actionlint import read_actionlint
from wharf.doctor.linters.hadolint import read_hadolint
from wharf.doctor.linters.linted import Linted
from wharf.doctor.linters.zizmor import read_zizmor
from wharf.formats.span import Span

HADOLINT = """[{"code":"DL3066","column":1,"file":"./Dockerfile","level":"info","line":13,
"message":"Non-numeric user-id may not be resolvable by host system"}]"""
ACTIONLINT = """[{"message":"property \\"rf\\" is not defined","filepath":"./.github/workflows/ci.yml","line":7,
"column":23,"kind":"expression","snippet":"x","end_column":32}]"""
ZIZMOR = """[{"ident":"artipacked","desc":"credential persistence",
"determinations":{"confidence":"Low","severity":"Medium","persona":"Regular"},
"locations":[{"symbolic":{"key":{"Local":{"PATH":"./.github/workflows/image.yml"}},"kind":"Primary"},
"concrete":{"location":{"start_point":{"row":11,"column":8},"end_point":{"row":11,"column":33}}}}],"ignored":false}]"""


def test_hadolint() -> None:
    says = "Non-numeric user-id may not be resolvable by host system"
    assert (Linted("DL3066", Span.at("Dockerfile", 13, 1), Severity.NOTE, says),) == read_hadolint(HADOLINT)


def test_actionlint() -> None:
    place = Span(".github/workflows/ci.yml", 7, 23, 7, 33)
    assert (Linted("expression", place, Severity.WARNING, 'property "rf" is not defined'),) == read_actionlint(
        ACTIONLINT
    )


def test_zizmor_of_every_release() -> None:
    place = Span(".github/workflows/image.yml", 12, 9, 12, 34)
    expected = (Linted("artipacked", place, Severity.NOTE, "credential persistence"),)
    for name in ("verbatim_path", "given_path"):
        assert expected == read_zizmor(ZIZMOR.replace("PATH", name))


def test_what_is_ignored_there_is_ignored_here() -> None:
    assert () == read_zizmor(ZIZMOR.replace('"ignored":false', '"ignored":true'))


def test_nothing_is_nothing() -> None:
    assert () == read_hadolint("") == read_actionlint("null") == read_zizmor("[]")
