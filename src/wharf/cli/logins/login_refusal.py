"""A login that its registry did not take, with what is known of such refusals: the error that a person reads."""

from collections.abc import Mapping
from typing import Final

from wharf.cli.logins.known_failures import about, as_evidence, explained
from wharf.cli.logins.native_words import in_own_language
from wharf.cli.logins.standing_words import right_in_words
from wharf.client.clouds.cloud import Cloud
from wharf.client.clouds.plain import PLAIN
from wharf.client.login.standing import Standing, Verdict
from wharf.errors import Denied, RemoteAnswered, RemoteUnauthenticated, WharfError

_STAYS: Final = "nothing was stored; a credential that was there stays"


def refusal_of(standing: Standing, cloud: Cloud, environ: Mapping[str, str], platform: str) -> WharfError | None:
    """None for a credential that is good for something, or cannot be judged."""
    if standing.verdict is Verdict.REFUSED and standing.refusal is not None:
        return _refused(standing, standing.refusal, cloud, environ, platform)
    if standing.verdict is Verdict.POWERLESS:
        return _powerless(standing, cloud, environ)
    return None


def _refused(
    standing: Standing, refusal: RemoteAnswered, cloud: Cloud, environ: Mapping[str, str], platform: str
) -> RemoteAnswered:
    said = [line for line in refusal.diagnostics().evidence if not line.startswith("it answered ")]
    known = next(explained("\n".join(about(standing.registry, line) for line in said), environ, platform), None)
    if known is not None:
        said += as_evidence(known, environ)
    return RemoteUnauthenticated(
        standing.registry,
        f"let {standing.account or 'this account'} in",
        refusal.status,
        [*said, *_often(cloud, environ)],
        codes=refusal.codes,
        next_step=known.next_step if known else in_own_language(f"get a credential: {cloud.ways_in[0]}", environ),
    )


def _powerless(standing: Standing, cloud: Cloud, environ: Mapping[str, str]) -> Denied:
    denied = Denied("to pull or to push", str(standing.repository))
    account = standing.account or "this account"
    denied.seen_at(f"{standing.registry} accepts the login of {account}, and grants it nothing there")
    for right in standing.rights:
        denied.seen_at(right_in_words(right))
    for line in _often(cloud, environ):
        denied.seen_at(line)
    return denied


def _often(cloud: Cloud, environ: Mapping[str, str]) -> list[str]:
    """Of a registry that is nobody's in particular there is nothing to be said that one does not know."""
    mistakes = () if cloud is PLAIN else cloud.usual_mistakes
    return [in_own_language(line, environ) for line in (*(f"often: {mistake}" for mistake in mistakes), _STAYS)]
