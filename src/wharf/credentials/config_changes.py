"""What a login and a logout change in docker's config.json, as functions from text to text."""

from collections.abc import Callable, Iterable

from wharf.credentials.auth_entry import FIELDS, entry_fields
from wharf.credentials.config_file import ConfigFile, parse_config
from wharf.credentials.credential import Credential
from wharf.credentials.file_text import file_text
from wharf.credentials.keys import docker_key, is_about_all_of
from wharf.credentials.splicing import with_value, without
from wharf.errors import CredentialFileRefused

TextChange = Callable[[str, ConfigFile], str]


def on_bytes(place: str, change: TextChange) -> Callable[[bytes], bytes]:
    """A change of the text as one of the file. It becomes what docker reads, also without one: UTF-8 without a mark."""

    def changed(raw: bytes) -> bytes:
        config = parse_config(raw, place)
        refuse_broken(config, place)
        return change(file_text(raw).text, config).encode()

    return changed


def refuse_broken(config: ConfigFile, place: str) -> None:
    """Written again, a file that was not understood would lose what was not understood."""
    if config.faults:
        raise CredentialFileRefused(
            place,
            "it is not whole, and is left as it is",
            evidence=config.faults,
            next_step="mend the file at this place, or log in for one job: --config DIR",
        )


def kept_in_file(registry: str, credential: Credential) -> TextChange:
    """The entry gets the credential; what else it holds stays. Helpers are told off for this registry."""

    def change(text: str, config: ConfigFile) -> str:
        key = docker_key(registry)
        text = _entry_with(text, key, entry_fields(credential))
        for other in _keys_of(config.cred_helpers, registry):
            if config.cred_helpers[other] or not config.creds_store:
                text = without(text, ("credHelpers", other))
        is_told_off = config.cred_helpers.get(key) == "" or not config.creds_store
        return text if is_told_off else with_value(text, ("credHelpers", key), "")

    return change


def kept_by_helper(registry: str, helper: str, *, as_store: bool) -> TextChange:
    """Docker leaves an empty entry as a mark. The helper is named where the file would not lead to it."""

    def change(text: str, config: ConfigFile) -> str:
        key = docker_key(registry)
        text = _entry_with(text, key, {})
        if config.cred_helpers.get(key, config.creds_store) == helper:
            return text
        return with_value(text, ("credsStore",) if as_store else ("credHelpers", key), helper)

    return change


def forgotten(registry: str) -> TextChange:
    """All entries for the whole registry; those of single repositories were not made by a login, and stay."""

    def change(text: str, config: ConfigFile) -> str:
        for key in _keys_of(config.entries, registry):
            text = without(text, ("auths", key))
        for key in _keys_of(config.cred_helpers, registry):
            text = text if config.cred_helpers[key] else without(text, ("credHelpers", key))
        return text

    return change


def _entry_with(text: str, key: str, fields: dict[str, str]) -> str:
    for name in FIELDS:
        if name not in fields:
            text = without(text, ("auths", key, name))
    for name, value in fields.items():
        text = with_value(text, ("auths", key, name), value)
    return text if fields or _has_entry(text, key) else with_value(text, ("auths", key), {})


def _has_entry(text: str, key: str) -> bool:
    return key in parse_config(text.encode(), "").entries


def _keys_of(keys: Iterable[str], registry: str) -> list[str]:
    return [key for key in keys if is_about_all_of(key, registry)]
