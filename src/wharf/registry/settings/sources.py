"""Where settings come from: flags, environment, wharf.toml, defaults, in this order; and what each place is called."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, Generic, Self, TypeVar

from wharf.errors import Malformed, SettingRefused, shown
from wharf.oci.nearness import nearest
from wharf.registry.settings.file import SettingFile, read_setting_file

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

PREFIX: Final = "WHARF_"
CONFIG_VARIABLE: Final = "WHARF_CONFIG"
# No setting: a password stands in no file of settings, and on no command line.
FIRST_PASSWORD_VARIABLE: Final = "WHARF_ADMIN_PASSWORD"  # noqa: S105 - a name
CONFIG_NAME: Final = "wharf.toml"
CONFIG_OF_THE_SYSTEM: Final = Path("/etc/wharf/wharf.toml")
TABLE_OF_THE_DOCTOR: Final = "doctor"
"""It may stand in the same file, and is read by `wharf doctor` alone."""

_KINDS: Final[Mapping[type, str]] = {
    str: "text in quotes", bool: "true or false", int: "a whole number", float: "a number", list: "a list of texts"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machine:
    """What defaults depend on, apart from the environment."""

    is_root: bool
    cpus: int
    config_places: tuple[Path, ...]

    @classmethod
    def here(cls, folder: Path = Path()) -> Self:
        """`folder`: the one we work in, whose wharf.toml comes before that of the system."""
        cpus = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
        return cls(os.geteuid() == 0, cpus, (folder / CONFIG_NAME, CONFIG_OF_THE_SYSTEM))


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One row of the table: everything that flags, environment, file, help and documentation need to know."""

    name: str
    purpose: str
    default: str
    parse: Callable[[str], T_co]
    metavar: str
    kinds: tuple[type, ...] = (str,)
    """What may stand for it in TOML."""
    derived: Callable[[Machine, Mapping[str, str]], str] | None = None
    """Finds the default where it depends on the machine; `default` then says it in words."""

    @property
    def field(self) -> str:
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        return PREFIX + self.field.upper()

    @property
    def flag(self) -> str:
        return f"--{self.name}"


class Origin(Enum):
    FLAG = "flag"
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Sources:
    flags: Mapping[str, str]
    environ: Mapping[str, str]
    file: SettingFile
    machine: Machine
    asked: frozenset[str]
    """The settings that matter here; the others are left at their defaults, so that they cannot stand in the way."""

    def read(self, setting: Setting[T]) -> T:
        try:
            return setting.parse(self.text(setting))
        except Malformed as error:
            raise self.refusal(setting, error.reason, error.diagnostics().next_step) from error

    def refusal(self, setting: Setting[object], reason: str, next_step: str) -> SettingRefused:
        return SettingRefused(setting.name, _spelled(self._written(setting)), self.place(setting), reason, next_step)

    def origin(self, setting: Setting[object]) -> Origin:
        """The first that names it; an empty variable is as good as none."""
        if setting.name not in self.asked:
            return Origin.DEFAULT
        if setting.name in self.flags:
            return Origin.FLAG
        if self.environ.get(setting.variable):
            return Origin.ENVIRONMENT
        return Origin.FILE if setting.name in self.file.values else Origin.DEFAULT

    def text(self, setting: Setting[object]) -> str:
        written = self._written(setting)
        match self.origin(setting):
            case Origin.FILE:
                return _as_text(setting, written)
            case Origin.DEFAULT if setting.derived is not None:
                return setting.derived(self.machine, self.environ)
            case _:
                return str(written)

    def place(self, setting: Setting[object]) -> str:
        match self.origin(setting):
            case Origin.FLAG:
                return f"flag {setting.flag}"
            case Origin.ENVIRONMENT:
                return f"environment variable {setting.variable}"
            case Origin.FILE:
                return self.file.place(setting.name)
            case Origin.DEFAULT:
                return "the default"

    def folder(self, setting: Setting[object]) -> Path:
        """Where a relative path starts: beside the file that names it, else where we are."""
        return self.file.folder if self.origin(setting) is Origin.FILE else Path()

    def unreadable(self, settings: Iterable[Setting[object]]) -> Iterator[SettingRefused]:
        for setting in settings:
            try:
                self.read(setting)
            except SettingRefused as refused:
                yield refused

    def unknown(self, settings: Iterable[Setting[object]]) -> Iterator[SettingRefused]:
        """A name that is no setting would be a wish that nobody hears."""
        names = [setting.name for setting in settings]
        for name, value in self.flags.items():
            if name not in names:
                yield _unknown(name, value, f"flag --{name}", names)
        for key, found in self.file.values.items():
            if key not in names and key != TABLE_OF_THE_DOCTOR:
                yield _unknown(key, found, self.file.place(key), names)

    def _written(self, setting: Setting[object]) -> object:
        match self.origin(setting):
            case Origin.FLAG:
                return self.flags[setting.name]
            case Origin.ENVIRONMENT:
                return self.environ[setting.variable]
            case Origin.FILE:
                return self.file.values[setting.name]
            case Origin.DEFAULT:
                return setting.default


def find_setting_file(config: Path | None, environ: Mapping[str, str], machine: Machine) -> SettingFile:
    if config is not None:
        return read_setting_file(config, "flag --config")
    if named := environ.get(CONFIG_VARIABLE):
        return read_setting_file(Path(named), f"environment variable {CONFIG_VARIABLE}")
    found = next((path for path in machine.config_places if _is_there(path)), None)
    return SettingFile() if found is None else read_setting_file(found, "the usual place of this file")


def read_flag(setting: Setting[T], flag: str, text: str) -> T:
    """A setting's value from a flag of another name."""
    try:
        return setting.parse(text)
    except Malformed as error:
        raise SettingRefused(flag, text, f"flag --{flag}", error.reason, error.diagnostics().next_step) from error


def strange_variables(environ: Mapping[str, str], settings: Iterable[Setting[object]]) -> list[str]:
    """Warnings about variables that look like settings and are none.

    Warnings, not refusals: the name WHARF_ is not ours alone. Kubernetes sets WHARF_PORT and WHARF_SERVICE_HOST for a
    service called wharf, and test suites have variables of their own. So one that resembles no setting says nothing.
    """
    known = [CONFIG_VARIABLE, FIRST_PASSWORD_VARIABLE, *(setting.variable for setting in settings)]
    strange = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    bare = [name.removeprefix(PREFIX) for name in known]
    resembled = ((name, nearest(name.removeprefix(PREFIX), bare, 1)) for name in strange)
    return [f"{shown(name)} is no setting; did you mean {PREFIX}{near[0]}?" for name, near in resembled if near]


def _is_there(path: Path) -> bool:
    """A file that may not be looked at counts: reading it then says why, where passing it over would say nothing."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _as_text(setting: Setting[object], value: object) -> str:
    if type(value) not in setting.kinds:
        wanted = " or ".join(_KINDS[kind] for kind in setting.kinds)
        given = _KINDS.get(type(value), "something else")
        raise Malformed(_spelled(value), f"{wanted} is wanted here, not {given}", next_step=f"write {wanted}")
    return ",".join(map(_spelled, value)) if isinstance(value, list) else _spelled(value)


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown(name: str, value: object, place: str, known: Iterable[str]) -> SettingRefused:
    near = nearest(name, known, 1)
    if near:
        reason, step = f"there is no such setting; the nearest is {near[0]}", f"write {near[0]}, or take it out"
    else:
        reason, step = "there is no such setting", "take it out; `wharf serve --help` names all settings"
    if isinstance(value, dict):
        step = "settings stand at the top of the file, not in a table"
    return SettingRefused(shown(name), _spelled(value), place, reason, step)
