import dataclasses
import pickle
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.registry.settings.tls_files import make_pair
from wharf.content.store import Durability
from wharf.errors import SettingRefused
from wharf.registry.settings.sources import Machine
from wharf.registry.settings.table import COLLECTING, SERVING, TABLE, Address, LogFormat, Settings, Use, load_settings
from wharf.registry.settings.values import WebhookNetworks

ROOT = Machine(is_root=True, cpus=8, config_places=())
NOBODY = Machine(is_root=False, cpus=1, config_places=())
DEFAULTS = Settings(
    data=Path("/var/lib/wharf"),
    listen=Address("127.0.0.1", 5000),
    workers=4,
    tls_cert=None,
    tls_key=None,
    durability=Durability.FULL,
    gc_interval=21_600.0,
    gc_grace=86_400.0,
    gc_untagged=None,
    upload_age=86_400.0,
    stop_timeout=300.0,
    client_silence=60.0,
    max_manifest_bytes=4 << 20,
    log_format=LogFormat.AUTO,
    trusted_proxies=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
    open=False,
    public_url=None,
    metrics_listen=None,
    token_life=300.0,
    token_age=31_622_400.0,
    signing_key_age=2_592_000.0,
    keep_deleted=2_592_000.0,
    keep_daily_pulls=34_560_000.0,
    webhook_networks=WebhookNetworks.PUBLIC,
)


def written(folder: Path, text: str) -> Path:
    path = folder / "wharf.toml"
    path.write_text(text)
    return path


def load(
    flags: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    config: Path | None = None,
    use: Use = SERVING,
    machine: Machine = ROOT,
) -> Settings:
    return load_settings(flags or {}, environ or {}, config, use, machine)


def refusal(
    flags: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    config: Path | None = None,
    use: Use = SERVING,
    machine: Machine = ROOT,
) -> SettingRefused:
    with pytest.raises(SettingRefused) as refused:
        load(flags, environ, config, use, machine)
    return refused.value


def test_without_a_word_there_are_defaults() -> None:
    assert DEFAULTS == load()


def test_the_table_and_the_settings_have_the_same_names_in_the_same_order() -> None:
    assert [field.name for field in dataclasses.fields(Settings)] == [setting.field for setting in TABLE]


def test_settings_reach_another_process_whole() -> None:
    assert pickle.loads(pickle.dumps(DEFAULTS)) == DEFAULTS


@pytest.mark.parametrize(
    ("environ", "data"),
    [
        ({"HOME": "/homes/her"}, "/homes/her/.local/share/wharf"),
        ({"HOME": "/homes/her", "XDG_DATA_HOME": "/srv/her"}, "/srv/her/wharf"),
        ({"HOME": "/homes/her", "XDG_DATA_HOME": "relative"}, "/homes/her/.local/share/wharf"),
    ],
)
def test_who_is_not_root_keeps_data_at_home(environ: Mapping[str, str], data: str) -> None:
    assert Path(data) == load(environ=environ, machine=NOBODY).data


def test_who_has_no_home_is_asked_for_a_folder() -> None:
    refused = refusal(machine=NOBODY)
    assert refused.diagnostics().next_step == "name a folder with --data or WHARF_DATA"


@pytest.mark.parametrize(("cpus", "workers"), [(1, 1), (2, 2), (4, 4), (64, 4)])
def test_there_are_as_many_workers_as_cpus_up_to_four(cpus: int, workers: int) -> None:
    assert workers == load(machine=Machine(is_root=True, cpus=cpus, config_places=())).workers


def test_this_machine_can_be_described(tmp_path: Path) -> None:
    machine = Machine.here(tmp_path)
    assert machine.cpus >= 1
    assert machine.config_places == (tmp_path / "wharf.toml", Path("/etc/wharf/wharf.toml"))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("data", "/srv/wharf", Path("/srv/wharf")),
        ("listen", "[::1]:5001", Address("::1", 5001)),
        ("open", "true", True),
        ("workers", "2", 2),
        ("durability", "relaxed", Durability.RELAXED),
        ("gc-interval", "never", None),
        ("gc-grace", "0", 0.0),
        ("gc-untagged", "30d", 2_592_000.0),
        ("upload-age", "90s", 90.0),
        ("stop-timeout", "10m", 600.0),
        ("client-silence", "5s", 5.0),
        ("max-manifest-bytes", "8MiB", 8 << 20),
        ("log-format", "json", LogFormat.JSON),
        ("trusted-proxies", "none", ()),
        ("webhook-networks", "all", WebhookNetworks.ALL),
    ],
)
def test_each_setting_has_one_name_everywhere(tmp_path: Path, name: str, text: str, value: object) -> None:
    toml = f"{name} = {text}" if name in {"open", "workers"} else f'{name} = "{text}"'
    field = name.replace("-", "_")
    loaded = [
        load(flags={name: text}),
        load(environ={f"WHARF_{field.upper()}": text}),
        load(config=written(tmp_path, toml)),
    ]
    assert [value] * 3 == [getattr(settings, field) for settings in loaded]


def test_a_flag_comes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    config = written(tmp_path, "workers = 1\ngc-grace = 1\nupload-age = 1\n")
    environ = {"WHARF_GC_GRACE": "2", "WHARF_UPLOAD_AGE": "2"}
    settings = load({"upload-age": "3"}, environ, config)
    assert (settings.workers, settings.gc_grace, settings.upload_age) == (1, 2.0, 3.0)


def test_what_is_overruled_need_not_be_right(tmp_path: Path) -> None:
    config = written(tmp_path, 'workers = "many"')
    assert load({"workers": "2"}, {"WHARF_WORKERS": "few"}, config).workers == 2


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert DEFAULTS == load(environ={"WHARF_LISTEN": "", "WHARF_CONFIG": ""})


@pytest.mark.parametrize(
    ("toml", "field", "value"),
    [
        ("gc-grace = 90", "gc_grace", 90.0),
        ("gc-grace = 1.5", "gc_grace", 1.5),
        ("listen = 5001", "listen", Address("127.0.0.1", 5001)),
        ("max-manifest-bytes = 5_000_000", "max_manifest_bytes", 5_000_000),
        ('trusted-proxies = ["10.0.0.0/8"]', "trusted_proxies", (ip_network("10.0.0.0/8"),)),
        ("trusted-proxies = []", "trusted_proxies", ()),
    ],
)
def test_toml_has_its_own_ways_to_write_values(tmp_path: Path, toml: str, field: str, value: object) -> None:
    assert value == getattr(load(config=written(tmp_path, toml)), field)


def test_a_relative_path_starts_where_it_is_written(tmp_path: Path) -> None:
    config = written(tmp_path, 'data = "data"')
    assert [load(config=config).data, load({"data": "data"}, config=config).data] == [tmp_path / "data", Path("data")]


def test_the_first_file_in_its_usual_places_is_read(tmp_path: Path) -> None:
    places = (tmp_path / "missing" / "wharf.toml", written(tmp_path, "workers = 3"), tmp_path / "never-looked-at")
    assert load(machine=Machine(is_root=True, cpus=8, config_places=places)).workers == 3


def test_a_file_that_cannot_be_looked_at_is_not_passed_over(tmp_path: Path) -> None:
    places = (tmp_path / ("x" * 300), written(tmp_path, "workers = 3"))
    refused = refusal(machine=Machine(is_root=True, cpus=8, config_places=places))
    assert "cannot be read" in str(refused)


def test_a_named_file_comes_before_the_usual_places(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    places = (written(tmp_path / "here", "workers = 1"),)
    environ = {"WHARF_CONFIG": str(written(tmp_path, "workers = 3"))}
    assert load(environ=environ, machine=Machine(is_root=True, cpus=8, config_places=places)).workers == 3


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    refused = refusal(environ={"WHARF_CONFIG": str(tmp_path / "wharf.toml")})
    assert (refused.name, refused.place) == ("config", "environment variable WHARF_CONFIG")


def test_a_wrong_value_is_refused_with_its_line(tmp_path: Path) -> None:
    config = written(tmp_path, '# workers = 1\n\ndata = "/srv"\nworkers = 0\n')
    refused = refusal(config=config)
    assert refused.diagnostics().evidence == ("value: 0", f"from: {tmp_path}/wharf.toml line 4")
    assert str(refused) == "setting workers: it is less than 1"


@pytest.mark.parametrize(
    ("flags", "environ", "place"),
    [
        ({"listen": "x"}, {}, "flag --listen"),
        ({}, {"WHARF_LISTEN": "x"}, "environment variable WHARF_LISTEN"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(
    flags: Mapping[str, str], environ: Mapping[str, str], place: str
) -> None:
    refused = refusal(flags, environ)
    assert (refused.name, refused.place) == ("listen", place)


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("workers = true", "a whole number is wanted here, not true or false"),
        ('workers = "2"', "a whole number is wanted here, not text in quotes"),
        ("workers = 2.0", "a whole number is wanted here, not a number"),
        ('open = "true"', "true or false is wanted here, not text in quotes"),
        ("open = 1", "true or false is wanted here, not a whole number"),
        ("data = 1979-05-27", "text in quotes is wanted here, not something else"),
        ("gc-grace = inf", "it is not a duration"),
        ("gc-grace = -1", "it is not a duration"),
        ("trusted-proxies = [1]", "'1' is not a network"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(tmp_path: Path, toml: str, reason: str) -> None:
    refused = refusal(config=written(tmp_path, f"\n{toml}"))
    assert refused.place == f"{tmp_path}/wharf.toml line 2"
    assert reason in str(refused)


@pytest.mark.parametrize(
    ("toml", "key", "near"),
    [
        ("lisen = 1", "lisen", "listen"),
        ("tls_cert = 1", "tls_cert", "tls-cert"),
        ('"GC-Grace" = 1', "GC-Grace", "gc-grace"),
        ("worker = 1", "worker", "workers"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(tmp_path: Path, toml: str, key: str, near: str) -> None:
    refused = refusal(config=written(tmp_path, f"\n\n{toml}"))
    assert refused.place == f"{tmp_path}/wharf.toml line 3"
    assert str(refused) == f"setting {key}: there is no such setting; the nearest is {near}"


def test_an_unknown_key_that_is_near_to_nothing_is_refused(tmp_path: Path) -> None:
    assert str(refusal(config=written(tmp_path, "zzz = 1"))) == "setting zzz: there is no such setting"


def test_settings_in_a_table_are_refused(tmp_path: Path) -> None:
    refused = refusal(config=written(tmp_path, "workers = 2\n[tls]\ncert = 'x'\n"))
    assert refused.place == f"{tmp_path}/wharf.toml line 2"
    assert refused.diagnostics().next_step == "settings stand at the top of the file, not in a table"


def test_an_unknown_flag_is_refused() -> None:
    assert refusal({"workrs": "2"}).place == "flag --workrs"


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    config = written(tmp_path, "workers = 0\nlisen = 1\n")
    with pytest.raises(ExceptionGroup) as group:
        load({"listen": "x"}, {"WHARF_GC_GRACE": "y"}, config)
    assert {"workers", "lisen", "listen", "gc-grace"} == {
        refused.name for refused in group.value.exceptions if isinstance(refused, SettingRefused)
    }


@pytest.mark.parametrize("listen", ["0.0.0.0:5000", ":5000", "[::]:5000", "192.0.2.1:5000", "[::ffff:127.0.0.1]:5000"])
def test_an_open_registry_is_refused_where_others_reach_it(listen: str) -> None:
    refused = refusal({"listen": listen, "open": "true"})
    assert (refused.name, refused.place) == ("listen", "flag --listen")
    assert "can be reached from other machines" in str(refused)


def test_who_said_open_is_named_beside_who_said_listen(tmp_path: Path) -> None:
    refused = refusal(config=written(tmp_path, 'open = true\nlisten = ":5000"\n'))
    assert refused.place == f"{tmp_path}/wharf.toml line 2"
    assert f"open is true ({tmp_path}/wharf.toml line 1)" in str(refused)


@pytest.mark.parametrize("listen", ["127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "localhost:80", "80"])
def test_an_open_registry_may_listen_on_loopback(listen: str) -> None:
    assert load({"listen": listen, "open": "true"}).open is True


def test_a_registry_with_accounts_may_listen_anywhere() -> None:
    assert not load({"listen": "0.0.0.0:5000"}).open


@pytest.mark.parametrize(("size", "limit"), [("4000000", "less than 4MiB"), ("65MiB", "more than 64MiB")])
def test_a_manifest_limit_that_clients_or_memory_cannot_bear_is_refused(size: str, limit: str) -> None:
    assert limit in str(refusal({"max-manifest-bytes": size}))


@pytest.mark.parametrize("name", ["gc-interval", "client-silence"])
def test_a_time_that_would_leave_no_rest_is_refused(name: str) -> None:
    assert "less than 1s" in str(refusal({name: "0"}))


def test_a_certificate_and_its_key_are_taken(tmp_path: Path) -> None:
    certificate, key = make_pair(tmp_path, "a")
    settings = load({"tls-cert": str(certificate), "tls-key": str(key)})
    assert (certificate, key) == (settings.tls_cert, settings.tls_key)


@pytest.mark.parametrize(
    ("given", "reason"),
    [("tls-cert", "it is a certificate without its key"), ("tls-key", "it is a key without its certificate")],
)
def test_half_a_pair_is_refused(given: str, reason: str) -> None:
    assert f"setting {given}: {reason}" == str(refusal({given: "/etc/x.pem"}))


def test_a_key_of_another_certificate_is_refused_at_the_start(tmp_path: Path) -> None:
    (certificate, _), (_, key) = make_pair(tmp_path, "a"), make_pair(tmp_path, "b")
    config = written(tmp_path, f'tls-cert = "{certificate}"\ntls-key = "{key}"\n')
    refused = refusal(config=config)
    assert refused.place == f"{tmp_path}/wharf.toml line 2"
    assert str(refused) == f"setting tls-key: this key does not belong to the certificate {certificate}"
    assert refused.diagnostics().next_step.startswith(f"compare `openssl x509 -in {certificate}")


def test_a_broken_pair_is_refused_with_the_reason_of_the_tls_library(tmp_path: Path) -> None:
    certificate, key = make_pair(tmp_path, "a")
    certificate.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    refused = refusal({"tls-cert": str(certificate), "tls-key": str(key)})
    assert refused.place == "flag --tls-key"
    assert str(refused).startswith(f"setting tls-key: key and certificate {certificate} cannot be loaded: ")


def test_a_collection_is_not_stopped_by_settings_that_it_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    environ = {"WHARF_LISTEN": "nonsense", "WHARF_TLS_CERT": "/missing"}
    settings = load({"data": str(tmp_path), "gc-grace": "5"}, environ, None, COLLECTING)
    assert settings == dataclasses.replace(DEFAULTS, data=tmp_path, gc_grace=5.0)


def test_a_collection_where_no_registry_is_is_refused(tmp_path: Path) -> None:
    refused = refusal({"data": str(tmp_path)}, use=COLLECTING)
    assert (refused.name, refused.place) == ("data", "flag --data")
    assert "there is no registry in" in str(refused)


def test_the_table_explains_each_setting_in_one_sentence() -> None:
    purposes = [setting.purpose for setting in TABLE]
    assert [text for text in purposes if not text.endswith(".") or text[:-1].count(". ")] == []


def test_all_kinds_in_the_table_are_kinds_of_toml() -> None:
    kinds = {type(value) for value in tomllib.loads('a = ["", 1, 1.0, true, []]')["a"]}
    assert {kind for setting in TABLE for kind in setting.kinds} <= kinds
