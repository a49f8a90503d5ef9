"""`FROM --platform=linux/amd64`: whichever platform is built, this one comes out."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "FromPlatformFlagConstDisallowed"):
        for stage in read.dockerfile.stages:
            platform = stage.platform.flat if stage.platform else ""
            flag = stage.opening.flag("platform")
            if flag and platform and "$" not in platform and stage is read.last:
                yield Finding(
                    flag.span,
                    Words(f"the image is always for {platform}", f"이미지가 항상 {platform}용입니다"),
                    fixes=(
                        Fix(Words("leave it out, and build with --platform", "빼고 빌드할 때 --platform을 쓰세요")),
                    ),
                )


RULE: Final = Rule(
    "platform-fixed-in-from",
    Severity.NOTE,
    Words("A platform fixed in FROM", "FROM에 고정된 플랫폼"),
    _check,
)
