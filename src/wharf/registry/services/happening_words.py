"""The words for all that can happen: they stand in the audit log, and webhooks ask for them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from wharf.errors import MalformedChoice
from wharf.oci.nearness import nearest

HAPPENINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account.create": "somebody was given an account",
        "account.disable": "an account may not log in any more",
        "account.enable": "an account may log in again",
        "account.delete": "an account is gone",
        "account.password": "a password was set",
        "account.rename": "an account has another name to show, under the same login",
        "account.administrator": "somebody became an administrator, or is none any more",
        "organisation.create": "there is a new organisation",
        "organisation.delete": "an organisation is gone",
        "member.set": "somebody has a role in an organisation",
        "member.remove": "somebody has no role in an organisation any more",
        "service.create": "an organisation has a new service account",
        "service.delete": "a service account is gone",
        "token.create": "a token was made",
        "token.rotate": "a token was replaced by a new one",
        "token.revoke": "a token is not good any more",
        "token.exchange": "an identity token of CI was exchanged for a token",
        "package.push": "a version came, or a tag was set",
        "package.delete": "a package was deleted as a whole",
        "package.restore": "a package that was deleted is back",
        "package.visibility": "a package became public or private",
        "version.delete": "a version was deleted, with its tags",
        "version.restore": "a version that was deleted is back",
        "tag.move": "a tag points to another version than before",
        "tag.delete": "a tag was taken away",
        "rule.create": "there is a new rule",
        "rule.delete": "a rule is gone",
        "quota.set": "an owner may hold more bytes, or fewer",
        "retention.run": "what no rule keeps was deleted",
        "webhook.create": "there is a new webhook",
        "webhook.edit": "a webhook has another address, other events or another secret",
        "webhook.pause": "a webhook is told of nothing for a while",
        "webhook.resume": "a webhook that was paused goes on",
        "webhook.ping": "a webhook was sent a ping",
        "webhook.delete": "a webhook is gone",
        "webhook.redeliver": "something is sent to a webhook once more",
        "identity-rule.create": "identity tokens of CI are believed by a new rule",
        "identity-rule.delete": "a rule for identity tokens is gone",
        "login.fail": "somebody failed to log in",
        "signing-key.rotate": "another key signs the short-lived tokens",
        "gc.run": "garbage was collected",
    }
)
ALL: Final = "*"
_SHOWN: Final = 5
FAMILIES: Final = tuple(dict.fromkeys(word.partition(".")[0] for word in HAPPENINGS))


def parse_events(words: Iterable[str]) -> tuple[str, ...]:
    """What a webhook asks for: words, families of them such as `package`, or a star for all."""
    choices = (ALL, *FAMILIES, *HAPPENINGS)
    given = tuple(dict.fromkeys(words))
    for word in given:
        if word not in choices:
            raise MalformedChoice("event", word, nearest(word, choices, _SHOWN) or FAMILIES)
    return given or (ALL,)


def is_wanted(events: Iterable[str], happening: str) -> bool:
    return not {ALL, happening, happening.partition(".")[0]}.isdisjoint(events)
