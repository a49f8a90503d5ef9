"""What a request shows to prove who asks."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # start-up time: an open registry is asked without any token
    from wharf.protocol.token import Token


@dataclass(frozen=True, slots=True)
class Shown:
    """`is_new`: got just now, so that a refusal of it is final."""

    authorization: str = field(default="", repr=False)
    token: "Token | None" = None
    is_new: bool = False


NOTHING_SHOWN: Final = Shown()
