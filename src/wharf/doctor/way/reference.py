"""A reference that CI pushes, and one that deployment asks for. Both may have holes.

Their pieces know where they were written: the piece after the last colon of `ghcr.io/acme/app:sha-453a654` stands at
the line `type=sha` that made it.
"""

from dataclasses import dataclass

from wharf.formats.event import Event
from wharf.formats.shell.ran import Certainty
from wharf.formats.span import Span
from wharf.formats.text import Text


@dataclass(frozen=True)
class Pushed:
    reference: Text
    """`registry/repository:tag`, as the tool is told. Without tag where it is pushed by digest only."""
    span: Span
    """Of the step or command that pushes."""
    by: str
    """`docker/build-push-action`, `docker push` and so on."""
    file: str
    job: str
    event: Event
    certainty: Certainty = Certainty.ALWAYS
    platforms: tuple[Text, ...] = ()
    """As they are asked for; none where the builder's own is built."""
    is_by_digest: bool = False
    """No tag is given to it; somebody may do that later."""
    via: tuple[Span, ...] = ()
    """Where the reusable workflow was called that it stands in."""


@dataclass(frozen=True)
class Asked:
    reference: Text
    span: Span
    by: str
    """`compose`, `kubernetes`, `docker pull` and so on."""
    event: Event | None = None
    """What must have happened for it to be asked for; None where it stands in a file as it is."""
    certainty: Certainty = Certainty.ALWAYS
    is_fallback: bool = False
    """It is asked for where another one was not there."""
    platforms: tuple[Text, ...] = ()
    via: tuple[Span, ...] = ()
    """Where the script was called that asks, the outermost first."""
    environment: str = ""
