"""A file in which docker or the containers tools keep credentials, read into values; what is wrong in it is told.

    {"auths": {KEY: entry}, "credsStore": HELPER, "credHelpers": {KEY: HELPER},
     "HttpHeaders": {NAME: VALUE}, "proxies": {ENGINE: {"httpProxy": ADDRESS}}}

One broken entry does not take the others with it, as it does in docker, which then goes on without any.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from types import MappingProxyType

from wharf.credentials.auth_entry import AuthEntry, read_entry
from wharf.credentials.file_text import file_text
from wharf.credentials.located import Lines, Located, Member, read_located
from wharf.credentials.proxies import ProxyTable, read_headers, read_proxies, unsent_headers
from wharf.errors import shown
from wharf.oci.nearness import nearness

_MOST_FILES = 8


class Form(Enum):
    DOCKER = auto()
    """~/.docker/config.json."""
    CONTAINERS = auto()
    """auth.json of podman, skopeo and buildah, which know no credsStore."""
    LEGACY = auto()
    """~/.dockercfg: the entries stand at the top."""
    VARIABLE = auto()
    """DOCKER_AUTH_CONFIG: nothing but entries."""


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry and the line on which it stands."""

    key: str
    line: int
    entry: AuthEntry


@dataclass(frozen=True, slots=True)
class ConfigFile:
    entries: Mapping[str, PlacedEntry] = field(default_factory=dict, repr=False)
    creds_store: str = ""
    cred_helpers: Mapping[str, str] = field(default_factory=dict)
    http_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxies: ProxyTable = field(default_factory=ProxyTable)
    warnings: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    """Why it is not what JSON asks for; a file with faults is not written again."""

    @property
    def says_who(self) -> bool:
        """Whether it says anything of credentials; if not, docker looks for a helper by itself."""
        return bool(self.entries or self.creds_store or self.cred_helpers)


def parse_config(raw: bytes, place: str, form: Form = Form.DOCKER) -> ConfigFile:
    """It never fails: what cannot be read is told in the warnings, each with its place.

    What a command asks for each of many registries is the same text each time, and is read once.
    """
    return _parsed(raw, place, form)


@lru_cache(maxsize=_MOST_FILES)
def _parsed(raw: bytes, place: str, form: Form) -> ConfigFile:
    decoded = file_text(raw)
    reading = read_located(decoded.text)
    remarks = [decoded.remark] if decoded.remark else []
    fields = _Fields(decoded.text, reading.root, form)
    parsed = fields.read()
    faults = (() if decoded.whole else (decoded.remark,)) + tuple(str(fault) for fault in reading.faults)
    faults += parsed.faults
    remarks += [f"{fault}; what stands around it may not have been read" for fault in reading.faults]
    warnings = tuple(f"{place}: {remark}" for remark in [*remarks, *parsed.warnings])
    return ConfigFile(
        parsed.entries, parsed.creds_store, parsed.cred_helpers, parsed.http_headers, parsed.proxies, warnings, faults
    )


_KNOWN: dict[Form, tuple[str, ...]] = {
    Form.DOCKER: ("auths", "credsStore", "credHelpers", "HttpHeaders", "proxies"),
    Form.CONTAINERS: ("auths", "credHelpers"),
    Form.VARIABLE: ("auths",),
}
_CREDS_STORE = "credsStore"
_is_helper = re.compile(r"[\w.+-]*").fullmatch
_TOO_NEAR = 0.7
_NEAR_AND_DOCKERS_OWN = frozenset({"plugins", "aliases", "features", "experimental", "currentcontext"})


class _Fields:
    """The fields of one file, read one after the other, with what is to be said about them."""

    def __init__(self, text: str, root: Located, form: Form) -> None:
        self._lines = Lines(text)
        self._root = root
        self._form = form
        self._remarks: list[str] = []
        self._faults: list[str] = []

    def read(self) -> ConfigFile:
        entries = self._entries()
        if self._form is not Form.LEGACY:
            self._remarks += self._strange_fields()
        if self._form in {Form.LEGACY, Form.VARIABLE}:
            return ConfigFile(entries, warnings=tuple(self._remarks), faults=tuple(self._faults))
        return ConfigFile(
            entries,
            self._creds_store(),
            self._cred_helpers(),
            self._headers(),
            read_proxies(self._object("proxies")),
            tuple(self._remarks),
            tuple(self._faults),
        )

    def _entries(self) -> Mapping[str, PlacedEntry]:
        holder = self._root if self._form is Form.LEGACY else self._object("auths")
        return MappingProxyType({member.name: self._entry(member) for member in holder.members})

    def _entry(self, member: Member) -> PlacedEntry:
        entry = read_entry(member.value)
        line = self._lines.of(member.start)
        for said in filter(None, (entry.flaw, entry.remark)):
            self._remarks.append(f"line {line}, the entry for {shown(member.name)}: {said}")
        return PlacedEntry(member.name, line, entry)

    def _creds_store(self) -> str:
        member = self._root.named(_CREDS_STORE)
        if member is None:
            return ""
        if self._form is Form.CONTAINERS:
            self._remark(member, "credsStore is not used in this file: name the helper for each host in credHelpers")
            return ""
        return self._helper(member)

    def _cred_helpers(self) -> Mapping[str, str]:
        helpers = self._object("credHelpers")
        return MappingProxyType({member.name: self._helper(member) for member in helpers.members})

    def _helper(self, member: Member) -> str:
        """What is no name may be anything in a file that was damaged, and is neither run nor repeated."""
        name = member.value.text or ""
        if _is_helper(name) and (member.value.text is not None or member.value.content is None):
            return name
        self._remark(member, f"what stands for {shown(member.name)} is not the name of a helper")
        self._faults.append(self._remarks[-1])
        return ""

    def _headers(self) -> Mapping[str, str]:
        holder = self._object("HttpHeaders")
        for member, reason in unsent_headers(holder):
            self._remark(member, f"the header {shown(member.name)} {reason}")
        return read_headers(holder)

    def _object(self, name: str) -> Located:
        member = self._root.named(name)
        if member is None or member.value.content is None:
            return Located(0, 0, ())
        if not member.value.is_object:
            self._remark(member, f"{name} is {member.value.kind}, and must be an object")
            self._faults.append(self._remarks[-1])
        return member.value

    def _strange_fields(self) -> Iterator[str]:
        known = _KNOWN[self._form]
        folded = {spelled.casefold(): spelled for spelled in (*known, _CREDS_STORE)}
        for member in self._root.members:
            name = member.name.casefold()
            line = f"line {self._lines.of(member.start)}: "
            if member.name in known or member.name == _CREDS_STORE:
                continue
            if spelled := folded.get(name):
                yield f"{line}{shown(member.name)} is {spelled} to docker, but not to programs that look at its case"
            elif meant := _meant(name, _KNOWN[Form.DOCKER]):
                yield f"{line}{shown(member.name)} is not a name that docker knows; {meant} is"
            elif self._form is Form.VARIABLE:
                yield f"{line}docker ignores the whole variable for {shown(member.name)}: it takes auths alone"

    def _remark(self, member: Member, remark: str) -> None:
        self._remarks.append(f"line {self._lines.of(member.start)}: {remark}")


def _meant(name: str, known: tuple[str, ...]) -> str:
    if name in _NEAR_AND_DOCKERS_OWN:
        return ""
    plain = name.replace("_", "").replace("-", "").replace("credential", "cred")
    scored = max((nearness(plain, field), field) for field in known)
    return scored[1] if scored[0] >= _TOO_NEAR and name != scored[1].casefold() else ""
