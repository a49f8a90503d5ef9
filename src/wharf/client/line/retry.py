"""Whether a request is made again, and after what time. It is decided here; nobody waits here.

What a registry has done once is not done twice by repeating it, only if the method says so: GET, HEAD, DELETE, and
PUT of a manifest, which is the same under the same name. A body that is read while it is sent is sent once.
"""

from typing import Final, NamedTuple

from wharf.client.message import Request, Upload
from wharf.client.settings import Retries

PASSING_STATUSES: Final = frozenset({408, 429, 499, 500, 502, 503, 504, 522})
_REPEATABLE_METHODS: Final = frozenset({"GET", "HEAD", "DELETE"})
_NOT_DONE: Final = frozenset({429})


class Failure(NamedTuple):
    """Why there is no answer. `sent`: whether any of the request may have reached the registry.

    `is_final`: that the next time will not be different.
    """

    sent: bool
    is_final: bool = False


def is_repeatable(request: Request) -> bool:
    """Whether doing it twice comes to the same as doing it once."""
    if isinstance(request.body, Upload):
        return False
    return request.method in _REPEATABLE_METHODS or (request.method == "PUT" and "/manifests/" in request.url)


def wait_after_status(
    request: Request, status: int, retry_after: str | None, tried: int, retries: Retries, chance: float, now: float
) -> float | None:
    """Seconds until the next try; None: the answer stands. `chance` lies between 0 and 1, `now` is seconds of UTC."""
    if status not in PASSING_STATUSES or tried >= retries.times or isinstance(request.body, Upload):
        return None
    if not is_repeatable(request) and status not in _NOT_DONE:
        return None
    asked = seconds_to_wait(retry_after, now)
    if asked is None:
        return backoff(tried, retries, chance)
    return None if asked > retries.longest_wait else asked


def wait_after_failure(request: Request, failure: Failure, tried: int, retries: Retries, chance: float) -> float | None:
    if failure.is_final or tried >= retries.times:
        return None
    if failure.sent and not is_repeatable(request):
        return None
    return backoff(tried, retries, chance)


def backoff(tried: int, retries: Retries, chance: float) -> float:
    """Doubling from try to try. Chance takes up to half of it away, so that many do not come back as one."""
    whole = min(retries.first_wait * 2.0 ** min(tried, 30), retries.longest_wait)
    return whole * (1 - chance / 2)


def seconds_to_wait(retry_after: str | None, now: float) -> float | None:
    """`Retry-After` in either of its forms; what is neither says nothing."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    return _seconds_until(text, now) if text else None


def _seconds_until(date: str, now: float) -> float | None:
    from datetime import UTC  # noqa: PLC0415 - start-up time
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - start-up time

    try:
        moment = parsedate_to_datetime(date)
        return max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now)
    except (ValueError, OverflowError, TypeError):
        return None
