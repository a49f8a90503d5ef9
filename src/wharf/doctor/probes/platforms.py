"""The platforms that an image is built for, beside the one that it is to run on."""

import re
from dataclasses import dataclass
from typing import Final

from wharf.doctor.reach.asking import lines_kept
from wharf.doctor.reach.pulling import Wanted, blob_at, manifest_at, wanted_in
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import Malformed
from wharf.images.choose import is_attestation, is_runnable, this_machine
from wharf.oci.config import ImageConfig
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest
from wharf.oci.platform import Platform

_LARGEST_CONFIG: Final = 4 * 1024 * 1024
_MOST_UNNAMED: Final = 4
_UNKNOWN: Final = frozenset({"", "unknown"})
_named = re.compile(r"\b(?:linux|windows)(?:\([0-9.]+\))?/[a-z0-9_]{3,12}(?:/v[0-9]{1,2})?\b").search

_spelled_out = re.compile(
    r"architecture (?P<architecture>[a-z0-9_]{3,12}), variant [\\\"]{0,4}(?P<variant>(?:v[0-9]{1,2})?)[\\\"]{0,4}, "
    r"OS (?P<os>[a-z]{3,12})"
).search


@dataclass(frozen=True, slots=True)
class Offer:
    """What an image is built for. `attestations`, `others`: how many entries are statements, and how many are not."""

    platforms: tuple[Platform, ...]
    attestations: int = 0
    others: int = 0
    single: bool = False
    says: bool = True


@lines_kept
async def look(scene: Scene) -> Seen:
    wanted = await wanted_in(scene)
    if wanted is None:
        return NOTHING_SEEN
    manifest = await manifest_at(wanted.best, wanted.repository, wanted.which)
    if manifest is None and wanted.known is not None:
        manifest = await manifest_at(wanted.nobody, wanted.repository, wanted.which)
    if manifest is None:
        return NOTHING_SEEN
    sighting = Sighting("platforms")
    _tell(sighting, await _offer(wanted, manifest), platform_wanted(scene))
    return sighting.done()


def platform_wanted(scene: Scene) -> Platform:
    """The one that was named; where none was, this machine's."""
    found = _named(scene.aim.log.lower())
    text = scene.aim.platform or (found[0] if found else _as_containers_image_says(scene.aim.log))
    try:
        return Platform.parse(text) if text else this_machine()
    except Malformed:
        return this_machine()


def _as_containers_image_says(log: str) -> str:
    found = _spelled_out(log)
    return "/".join(filter(None, (found["os"], found["architecture"], found["variant"]))) if found else ""


async def _offer(wanted: Wanted, manifest: Manifest) -> Offer:
    if not isinstance(manifest, ImageIndex):
        platform = await _platform_of(wanted, manifest)
        says = platform is not None and not {platform.os, platform.architecture} & _UNKNOWN
        return Offer((platform,) if platform and says else (), others=1, single=True, says=says)
    entries = [entry for entry in manifest.children if not is_attestation(entry)]
    named = [entry.platform for entry in entries if entry.platform is not None and entry.platform.os not in _UNKNOWN]
    unnamed = [entry for entry in entries if entry.platform is None][:_MOST_UNNAMED]
    read = [
        await _platform_of(wanted, await manifest_at(wanted.best, wanted.repository, each.digest)) for each in unnamed
    ]
    platforms = (*named, *(platform for platform in read if platform is not None))
    return Offer(platforms, len(manifest.children) - len(entries), len(entries), says=bool(platforms) or not entries)


async def _platform_of(wanted: Wanted, manifest: Manifest | None) -> Platform | None:
    if not isinstance(manifest, ImageManifest) or not is_runnable(manifest):
        return None
    raw = await blob_at(wanted.best, wanted.repository, manifest.config.digest, _LARGEST_CONFIG)
    try:
        return ImageConfig.parse(raw).platform if raw is not None else None
    except Malformed:
        return None


def _tell(sighting: Sighting, offer: Offer, wanted: Platform) -> None:
    offered = list(dict.fromkeys(map(str, offer.platforms)))
    listed = ", ".join(offered) or "-"
    words = (
        f"The image is built for {listed}; asked for is {wanted}.",
        f"이미지의 플랫폼은 {listed}, 요청된 플랫폼은 {wanted}입니다.",
    )
    sighting.saw("wanted", str(wanted), *words)
    sighting.saw("offered", frozenset(offered), *words)
    if offered or not offer.single:
        fits = any(platform.matches(wanted) for platform in offer.platforms)
        same = any(_differs_in_variant(platform, wanted) for platform in offer.platforms)
        sighting.saw("fits", fits, *words)
        sighting.saw("only_variant_differs", same and not fits, *words)
    sighting.saw("says_what_it_is", offer.says, *words)
    count = offer.attestations
    about = (
        f"{count} entries of the index are attestations, {offer.others} are images.",
        f"인덱스의 항목 중 {count}개는 증명(attestation), {offer.others}개는 이미지입니다.",
    )
    sighting.saw("attestations", bool(count), *about)
    sighting.saw("only_attestations", bool(count) and not offer.others, *about)


def _differs_in_variant(platform: Platform, wanted: Platform) -> bool:
    bare = Platform(wanted.os, wanted.architecture), Platform(platform.os, platform.architecture)
    return bare[1].matches(bare[0])
