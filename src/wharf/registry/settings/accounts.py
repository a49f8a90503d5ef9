"""The settings that are about accounts: who is let in, under which address, with tokens of which life."""

from typing import Final
from urllib.parse import urlsplit

from wharf.errors import Malformed
from wharf.registry.settings.sources import Setting
from wharf.registry.settings.values import (
    NONE,
    WebhookNetworks,
    at_least,
    at_most,
    one_of,
    parse_address,
    parse_duration,
    parse_truth,
    unless,
)

TIME: Final = (str, int, float)
_DAY: Final = 86_400.0


def _parse_url(text: str) -> str:
    """An origin: clients are sent there, and write its host before the names of repositories."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Malformed(text, "it is not the address of a server", next_step="write it like https://registry.example")
    if "@" in parts.netloc or not text.isprintable() or " " in text:
        raise Malformed(
            text, "it holds more than a host and a port", next_step="write it like https://registry.example"
        )
    return f"{parts.scheme}://{parts.netloc}"


OPEN: Final = Setting(
    "open",
    "Let anybody who reaches the registry do anything, without accounts; on loopback only.",
    "false",
    parse_truth,
    "",
    (bool,),
)
PUBLIC_URL: Final = Setting(
    "public-url",
    "The address under which clients reach the registry; if none is set, the one that each of them asked.",
    NONE,
    unless(NONE, _parse_url),
    "URL",
)
METRICS_LISTEN: Final = Setting(
    "metrics-listen",
    "The address and port to serve Prometheus metrics on, to anybody who reaches it.",
    NONE,
    unless(NONE, parse_address),
    "ADDRESS",
    (str, int),
)
TOKEN_LIFE: Final = Setting(
    "token-life",
    "How long the short-lived tokens live that docker and its like are given.",
    "5m",
    at_least(60.0, "60s", at_most(3600.0, "1h", parse_duration)),
    "TIME",
    TIME,
)
TOKEN_AGE: Final = Setting(
    "token-age",
    "The longest life that a personal access token may be given; also that of a login that docker keeps.",
    "366d",
    at_least(60.0, "60s", parse_duration),
    "TIME",
    TIME,
)
SIGNING_KEY_AGE: Final = Setting(
    "signing-key-age",
    "After how long a new key signs the short-lived tokens; nobody is logged out by it.",
    "30d",
    at_least(60.0, "60s", parse_duration),
    "TIME",
    TIME,
)
KEEP_DELETED: Final = Setting(
    "keep-deleted",
    "How long a deleted version can be restored; until then garbage collection leaves it.",
    "30d",
    parse_duration,
    "TIME",
    TIME,
)
WEBHOOK_NETWORKS: Final = Setting(
    "webhook-networks",
    "Where webhooks that owners set up may lead: not into private networks (public), or to all.",
    WebhookNetworks.PUBLIC.value,
    one_of(WebhookNetworks),
    "public|all",
)
KEEP_DAILY_PULLS: Final = Setting(
    "keep-daily-pulls",
    "How long pulls are kept by day, at least 366d; older ones are kept by month.",
    "400d",
    at_least(366 * _DAY, "366d", parse_duration),
    "TIME",
    TIME,
)
ACCOUNTS: Final = (
    OPEN,
    PUBLIC_URL,
    METRICS_LISTEN,
    TOKEN_LIFE,
    TOKEN_AGE,
    SIGNING_KEY_AGE,
    KEEP_DELETED,
    KEEP_DAILY_PULLS,
    WEBHOOK_NETWORKS,
)
