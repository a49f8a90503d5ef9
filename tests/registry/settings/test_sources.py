import pytest

from wharf.errors import SettingRefused
from wharf.registry.settings.file import SettingFile
from wharf.registry.settings.sources import Machine, Sources, read_flag, strange_variables
from wharf.registry.settings.table import GC_GRACE, TABLE


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("WHARF_LISTN", "WHARF_LISTEN"),
        ("WHARF_TLSCERT", "WHARF_TLS_CERT"),
        ("WHARF_WORKER", "WHARF_WORKERS"),
        ("WHARF_DATA_DIR", "WHARF_DATA"),
        ("WHARF_CONFIG_FILE", "WHARF_CONFIG"),
    ],
)
def test_a_variable_that_resembles_a_setting_is_warned_about(variable: str, meant: str) -> None:
    assert [f"{variable} is no setting; did you mean {meant}?"] == strange_variables({variable: "x"}, TABLE)


@pytest.mark.parametrize(
    "variable",
    [
        "WHARF_CONFORMANCE_URL",
        "WHARF_CONFORMANCE_NAMESPACE",
        "WHARF_CLIENTS_REGISTRY",
        "WHARF_REQUIRE_CLIENTS",
        "WHARF_SERVICE_HOST",
        "WHARF_SERVICE_PORT",
        "WHARF_PORT",
        "WHARF_PORT_5000_TCP",
        "WHARF_PORT_5000_TCP_ADDR",
        "WHARFAGE",
        "LISTN",
    ],
)
def test_what_others_call_their_variables_is_no_matter(variable: str) -> None:
    assert strange_variables({variable: "x"}, TABLE) == []


def test_known_variables_are_not_strange() -> None:
    known = {setting.variable: "x" for setting in TABLE}
    assert strange_variables({**known, "WHARF_CONFIG": "x"}, TABLE) == []


def test_a_flag_of_another_name_reads_a_setting() -> None:
    assert read_flag(GC_GRACE, "grace", "10m") == 600.0


def test_a_flag_of_another_name_is_the_place_of_what_is_wrong() -> None:
    with pytest.raises(SettingRefused, match="setting grace: it is not a duration") as refused:
        read_flag(GC_GRACE, "grace", "soon")
    assert refused.value.place == "flag --grace"


def test_the_table_of_the_doctor_is_no_matter_of_the_registry() -> None:
    file = SettingFile(values={"doctor": {"ignore": []}, "docter": {}})
    sources = Sources({}, {}, file, Machine(is_root=False, cpus=2, config_places=()), frozenset())
    assert ["docter"] == [refused.name for refused in sources.unknown(TABLE)]
