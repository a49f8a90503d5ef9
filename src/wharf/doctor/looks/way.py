"""Looking at a repository's way: what may happen to it, what comes of it, and where what is asked for is not there."""

from wharf.doctor.checkout import Checkout
from wharf.doctor.way.way import JobTags, Way
from wharf.formats.event import Event


def way(checkout: Checkout) -> Way:
    """To be asked for as `checkout.once(way)`."""
    return Way()


def tags_view(checkout: Checkout, event: Event) -> tuple[JobTags, ...]:
    """What CI names because of one event, job by job. Jobs that have to do with no image are left away."""
    return ()


def events_of(checkout: Checkout) -> tuple[Event, ...]:
    """What may happen, the most usual first; only one event, where somebody said which."""
    return ()
