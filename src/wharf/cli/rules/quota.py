"""`wharf admin quota`: how many bytes an owner may hold, and how many it does."""

from dataclasses import dataclass
from typing import Final, Self

import click

from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.output import size_in_words
from wharf.cli.owner_name import OWNER, OwnerAt
from wharf.cli.verbs import Verb, Verbs
from wharf.errors import Malformed
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_ABOUT: Final = "Quotas: how many bytes an owner may hold."
_EPILOG: Final = """\
\b
Examples:
  wharf admin quota set registry.example/crew 50GB
  wharf admin quota show registry.example/crew
"""

quota: Final = Verbs(
    "quota",
    {
        "set": Verb(_HERE, "Say how much an owner may hold.", stands_as="set_quota"),
        "show": Verb(_HERE, "Show how much an owner may hold, and how much it does."),
        "delete": Verb(_HERE, "Let an owner hold as much as there is room for."),
    },
    _ABOUT,
    _EPILOG,
)


class SizeParameter(click.ParamType[int]):
    name = "SIZE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from wharf.registry.settings.values import parse_size  # noqa: PLC0415 - start-up time: only this asks for it

        try:
            return value if isinstance(value, int) else parse_size(str(value))
        except Malformed:
            self.fail(f"{value!r} is not a size such as 500MB, 50GB, 20GiB", param, ctx)


@dataclass(frozen=True, slots=True)
class Room:
    """`most` is None where there is no bound. `told` is the registry's own document."""

    most: int | None
    used: int
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, answer: Members) -> Self:
        most = None if answer.values.get("bytes") is None else answer.number("bytes")
        return cls(most, answer.number("used"), answer.values)

    def in_words(self) -> str:
        used = f"{size_in_words(self.used)} used"
        if self.most is None:
            return f"{used}, with no quota"
        part = f" ({100 * self.used // self.most} %)" if self.most else ""
        return f"{used} of {size_in_words(self.most)}{part}"


async def _set(errand: ApiErrand, owner: OwnerAt, *, size: int) -> None:
    api = errand.api(owner.registry)
    room = await api.put(_path(owner), "set the quota", Room.read, {"bytes": size})
    _tell(errand, owner, room)


async def _show(errand: ApiErrand, owner: OwnerAt) -> None:
    _tell(errand, owner, await errand.api(owner.registry).get(_path(owner), "show the quota", Room.read))


async def _delete(errand: ApiErrand, owner: OwnerAt) -> None:
    await errand.api(owner.registry).delete(_path(owner), "delete the quota")
    errand.tell({"deleted": owner.segment}, lambda: errand.output.line(f"{owner}: no quota"))


def _tell(errand: ApiErrand, owner: OwnerAt, room: Room) -> None:
    errand.tell(room.told, lambda: errand.output.line(f"{owner}: {room.in_words()}"))


def _path(owner: OwnerAt) -> str:
    return own("owners", owner.segment, "quota")


_OWNER: Final = click.Argument(["owner"], type=OWNER, metavar="REGISTRY[/OWNER]")

set_quota: Final = api_command(
    "set",
    _set,
    "Say how much an owner may hold; without an owner, how much the registry may. What it holds already stays.",
    "\b\nExample:\n  wharf admin quota set registry.example/crew 50GB\n",
    [_OWNER, click.Argument(["size"], type=SizeParameter())],
)
show: Final = api_command(
    "show",
    _show,
    "Show how much an owner may hold, and how much it does. What several repositories hold counts once; what only\n"
    "deleted versions need does not count.",
    "\b\nExample:\n  wharf admin quota show registry.example/crew\n",
    [_OWNER],
)
delete: Final = api_command(
    "delete",
    _delete,
    "Let an owner hold as much as there is room for.",
    "\b\nExample:\n  wharf admin quota delete registry.example/crew\n",
    [_OWNER],
)
