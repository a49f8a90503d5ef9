"""The credentials of one file, and of the helpers that it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from wharf.credentials.auth_entry import AuthEntry
from wharf.credentials.config_file import ConfigFile, Form, PlacedEntry, parse_config
from wharf.credentials.file_access import FileFound, look_at
from wharf.credentials.keychain import PATIENCE_SECONDS, Lookup, Silent, Source
from wharf.credentials.keys import containers_match, docker_key, docker_match, is_about_all_of, registry_of
from wharf.credentials.known import Inventory, KnownRegistry, kind_of_credential
from wharf.credentials.native import Helper
from wharf.credentials.places import default_helper
from wharf.credentials.programs import find_program
from wharf.errors import HelperFailed, shown
from wharf.oci.reference import RepositoryName


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file of credentials is read with: the surroundings of its helpers, and how long these may take."""

    environ: Mapping[str, str] = field(repr=False)
    platform: str
    patience_seconds: float = PATIENCE_SECONDS

    def helper(self, name: str) -> Helper:
        return Helper(name, self.environ, self.platform, self.patience_seconds)

    def default_helper(self) -> str:
        return default_helper(self.platform, self._is_there)

    def _is_there(self, program: str) -> bool:
        return find_program(program, self.environ, self.platform).path is not None


@dataclass(frozen=True, slots=True)
class ConfigKeychain:
    """Docker's config.json, or an auth.json. It is read anew for each question: another program may have written it.

    `detects`: whether docker's own rule for a file that says nothing of credentials applies.
    """

    path: Path
    place: str
    form: Form
    setting: Setting
    detects: bool = False

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        opened = look_at(self.path)
        config = parse_config(opened.raw or b"", self.place, self.form)
        asked = self._ask_helper(config, opened, registry)
        if asked.credential or self._is_final(config, registry):
            return _with_warnings(asked, config)
        if opened.raw is None:
            return Lookup(silent=(*asked.silent, self._unread(opened)))
        return _with_warnings(_joined(asked, self._in_entries(config, registry, repository)), config)

    def inventory(self) -> Inventory:
        opened = look_at(self.path)
        config = parse_config(opened.raw or b"", self.place, self.form)
        unread = (self._unread(opened),) if opened.raw is None else ()
        rows = Inventory(
            tuple(self._row(placed, opened.since) for placed in config.entries.values()), unread, config.warnings
        )
        return self._helper_rows(config, opened) + rows

    # --- helpers ---------------------------------------------------------------------------------------------------

    def _ask_helper(self, config: ConfigFile, opened: FileFound, registry: str) -> Lookup:
        name, url, why = self._helper_for(config, opened, registry)
        if not name:
            return Lookup()
        helper = self.setting.helper(name)
        source = self._helper_source(helper, why, url)
        try:
            credential = helper.get(url)
        except HelperFailed as problem:
            return Lookup(silent=(Silent(source, told_by(problem), failed=True),))
        if credential is None:
            return Lookup(silent=(Silent(source, f"it has no entry for {url}"),))
        return Lookup(credential, source)

    def _helper_for(self, config: ConfigFile, opened: FileFound, registry: str) -> tuple[str, str, str]:
        """The name, what it calls the registry, and which field of the file wants it so."""
        for key in (docker_key(registry), registry, *config.cred_helpers):
            if key in config.cred_helpers and registry_of(key) == registry_of(registry):
                url = registry if self.form is Form.CONTAINERS else docker_key(registry)
                return config.cred_helpers[key], url, "credHelpers"
        if config.creds_store:
            return config.creds_store, docker_key(registry), "credsStore"
        return self._detected(config, opened), docker_key(registry), ""

    def _detected(self, config: ConfigFile, opened: FileFound) -> str:
        is_quiet = opened.is_missing or (opened.raw is not None and not config.faults and not config.says_who)
        return self.setting.default_helper() if self.detects and is_quiet else ""

    def _is_final(self, config: ConfigFile, registry: str) -> bool:
        """The containers tools look no further in a file that names a helper for the host."""
        return self.form is Form.CONTAINERS and any(
            helper and registry_of(key) == registry_of(registry) for key, helper in config.cred_helpers.items()
        )

    def _helper_source(self, helper: Helper, why: str, url: str = "") -> Source:
        wanted_by = f"{why} of {self.place}" if why else "found by default"
        return Source(f"{shown(helper.program)} ({wanted_by})", shown(url))

    def _helper_rows(self, config: ConfigFile, opened: FileFound) -> Inventory:
        rows = Inventory(
            tuple(
                KnownRegistry(
                    shown(registry_of(key)), self._helper_source(self.setting.helper(name), "credHelpers", key)
                )
                for key, name in config.cred_helpers.items()
                if name
            )
        )
        why = "credsStore" if config.creds_store else ""
        name = config.creds_store or self._detected(config, opened)
        return rows + self._listed(self.setting.helper(name), why) if name else rows

    def _listed(self, helper: Helper, why: str) -> Inventory:
        try:
            names = helper.listed()
        except HelperFailed as problem:
            return Inventory(silent=(Silent(self._helper_source(helper, why), told_by(problem), failed=True),))
        return Inventory(
            tuple(
                KnownRegistry(shown(registry_of(url)), self._helper_source(helper, why, url), names[url])
                for url in names
            )
        )

    # --- entries ---------------------------------------------------------------------------------------------------

    def _in_entries(self, config: ConfigFile, registry: str, repository: RepositoryName | None) -> Lookup:
        match = docker_match if self.form in {Form.DOCKER, Form.VARIABLE} else containers_match
        key = match(config.entries, registry, repository)
        return entry_lookup(config, key, self._entries_place, registry)

    @property
    def _entries_place(self) -> str:
        return self.place if self.form is Form.LEGACY else f"{self.place}, auths"

    def _row(self, placed: PlacedEntry, since: datetime | None) -> KnownRegistry:
        return entry_row(placed, self._entries_place, since)

    def _unread(self, opened: FileFound) -> Silent:
        return Silent(Source(self.place), opened.problem, failed=not opened.is_missing)


def entry_lookup(config: ConfigFile, key: str | None, place: str, registry: str) -> Lookup:
    if key is None:
        reason = "no entry for {}" + ("; the file is broken" if config.faults else "")
        return Lookup(silent=(Silent(Source(place), reason.format(registry), failed=bool(config.faults)),))
    placed, source = config.entries[key], Source(place, shown(key))
    if placed.entry.credential:
        return Lookup(placed.entry.credential, source)
    return Lookup(silent=(Silent(source, _why_not(placed), failed=bool(placed.entry.flaw)),))


def _why_not(placed: PlacedEntry) -> str:
    if placed.entry.flaw:
        return f"line {placed.line}: {placed.entry.flaw}"
    return "its entry is empty: it says that a helper has the credential"


def entry_row(placed: PlacedEntry, place: str, since: datetime | None) -> KnownRegistry:
    return KnownRegistry(
        shown(registry_of(placed.key)),
        Source(place, shown(placed.key)),
        placed.entry.username,
        _kind(placed.entry),
        since,
        _note(placed),
    )


def _note(placed: PlacedEntry) -> str:
    if placed.entry.flaw:
        return f"line {placed.line}: {placed.entry.flaw}"
    return "" if is_about_all_of(placed.key, registry_of(placed.key)) else f"for {shown(placed.key)}"


def _kind(entry: AuthEntry) -> str:
    if entry.credential:
        return kind_of_credential(entry.credential)
    return "broken" if entry.flaw else "marker"


def told_by(problem: HelperFailed) -> str:
    return f"{problem.reason}: {shown(problem.said)}" if problem.said else problem.reason


def _joined(first: Lookup, second: Lookup) -> Lookup:
    return Lookup(second.credential, second.source, first.silent + second.silent)


def _with_warnings(lookup: Lookup, config: ConfigFile) -> Lookup:
    return Lookup(lookup.credential, lookup.source, lookup.silent, config.warnings)
