"""Ways of images, as tests draw them."""

from datetime import UTC, datetime

from wharf.doctor.way.reference import Asked, Pushed
from wharf.doctor.way.way import Answer, Fate, Turn, Way
from wharf.formats.event import Event
from wharf.formats.span import Span
from wharf.formats.text import Text

SHA = "453a6545b97fe240727c378291230abeb793d851"
IMAGE = "ghcr.io/acme/hamalog-backend"
CI = ".github/workflows/ci-cd.yml"
PUSH = Event("push", "refs/heads/main", SHA, "acme/hamalog-backend", "main", datetime(2026, 11, 21, tzinfo=UTC))
DEPLOY = Span("scripts/deploy.sh", 42, 13, 42, 50)
LATER = Span("scripts/deploy.sh", 58, 13, 58, 50)


def pushed(tag: str, image: str = IMAGE) -> Pushed:
    reference = Text.known(f"{image}:{tag}", Span(CI, 53, 13, 53, 21))
    return Pushed(reference, Span(CI, 60, 9, 60, 30), "docker/build-push-action", CI, "build", PUSH)


def answer(tag: str, fate: Fate, span: Span = DEPLOY, image: str = IMAGE, by: tuple[Pushed, ...] = ()) -> Answer:
    return Answer(Asked(Text.known(f"{image}:{tag}", span), span, "docker pull", PUSH), fate, PUSH, by)


def broken() -> Way:
    """The one of the note: forty digits are asked for, and seven are pushed."""
    latest = pushed("latest")
    answers = (answer(SHA, Fate.NEVER_PUSHED), answer("latest", Fate.PUSHED, LATER, by=(latest,)))
    return Way(
        (Turn(PUSH, (), (latest, pushed("sha-453a654")), answers),), (answer("16", Fate.FOREIGN, image="postgres"),)
    )
