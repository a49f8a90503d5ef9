"""A platform is the machine that an image was built for: operating system, processor, and the processor's variant.

    platform = os [ "(" os-version ")" ] "/" architecture [ "/" variant ]

Written as in `linux/arm64/v8`; the words are those of the Go language (`GOOS`, `GOARCH`).
"""

import re
from dataclasses import dataclass
from typing import Self

from wharf.errors import MalformedManifest, MalformedPlatform
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue

_is_platform = re.compile(
    r"(?P<os>[A-Za-z0-9_.-]{1,64})(?:\((?P<os_version>[A-Za-z0-9_.-]{1,64})\))?"
    r"/(?P<architecture>[A-Za-z0-9_.-]{1,64})(?:/(?P<variant>[A-Za-z0-9_.-]{1,64}))?"
).fullmatch
_EXCERPT = 256

# What machines and people say, and what images say for it.
_OTHER_NAMES = {
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
    "armv8l": ("arm", "v7"),
    "armv7l": ("arm", "v7"),
    "armv6l": ("arm", "v6"),
    "i386": ("386", ""),
    "i686": ("386", ""),
}
_USUAL_VARIANTS = {("amd64", "v1"), ("arm64", "v8"), ("arm", "v7")}


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform as it was written; `matches` knows which spellings mean the same."""

    os: str
    architecture: str
    variant: str = ""
    os_version: str = ""
    os_features: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        match = _is_platform(text[: _EXCERPT + 1])
        if match is None:
            raise MalformedPlatform(
                text[:_EXCERPT],
                "a platform has the form os/architecture or os/architecture/variant",
                next_step="for example linux/amd64 or linux/arm/v7",
            )
        return cls(match["os"], match["architecture"], match["variant"] or "", match["os_version"] or "")

    @classmethod
    def of_machine(cls, machine: str) -> Self:
        """Containers on a machine that calls its processor so; on all but the rarest machines they run on Linux."""
        return cls("linux", *_OTHER_NAMES.get(machine.lower(), (machine.lower(),)))

    @classmethod
    def from_json(cls, value: JsonValue, where: str) -> Self:
        """Lenient about what is left away: builders describe attestations as running on `unknown/unknown`."""
        return cls.from_members(Members.of(value, where, MalformedManifest))

    @classmethod
    def from_members(cls, members: Members) -> Self:
        """From any object that has a platform among its members, as a configuration does."""
        return cls(
            os=members.text("os"),
            architecture=members.text("architecture"),
            variant=members.text("variant"),
            os_version=members.text("os.version"),
            os_features=members.texts("os.features"),
        )

    def to_json(self) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {"architecture": self.architecture, "os": self.os}
        if self.os_version:
            members["os.version"] = self.os_version
        if self.os_features:
            members["os.features"] = list(self.os_features)
        if self.variant:
            members["variant"] = self.variant
        return members

    def matches(self, wanted: "Platform") -> bool:
        """Whether this is what was asked for; a version and features count only where they were asked for."""
        return (
            self.os.lower() == wanted.os.lower()
            and _processor(self) == _processor(wanted)
            and (not wanted.os_version or _is_version_of(self.os_version, wanted.os_version))
            and set(wanted.os_features) <= set(self.os_features)
        )

    def __str__(self) -> str:
        version = f"({self.os_version})" if self.os_version else ""
        variant = f"/{self.variant}" if self.variant else ""
        return f"{self.os}{version}/{self.architecture}{variant}"


def _processor(platform: Platform) -> tuple[str, str]:
    """Architecture and variant in the one spelling that stands for all; the usual variant is as good as none."""
    written = platform.architecture.lower()
    architecture, implied = _OTHER_NAMES.get(written, (written, ""))
    variant = platform.variant.lower() or implied
    if variant[:1].isdigit():
        variant = f"v{variant}"
    return architecture, "" if (architecture, variant) in _USUAL_VARIANTS else variant


def _is_version_of(version: str, wanted: str) -> bool:
    """`10.0.17763` asks for any of its revisions, such as `10.0.17763.592`."""
    return version == wanted or version.startswith(f"{wanted}.")
