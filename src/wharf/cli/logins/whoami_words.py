"""Who one is, in words and as JSON: one registry as a page, all of them as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from wharf.cli.logins.account_errand import AccountErrand
from wharf.cli.logins.identity import Identity, State
from wharf.cli.logins.known_failures import about, as_docker_says, as_evidence, explained
from wharf.cli.logins.native_words import in_own_language
from wharf.cli.logins.standing_words import expiry_in_words, moment_as_json, rights_as_json, rights_rows
from wharf.cli.logins.wharf_words import wharf_as_json, wharf_rows
from wharf.cli.output import Json
from wharf.credentials.keychain import Silent
from wharf.credentials.keys import registry_of
from wharf.credentials.known import kind_of_credential
from wharf.errors import Diagnostics

_UNKNOWN: Final = "-"
_HELPER: Final = "docker-credential-"


def show_one(errand: AccountErrand, found: Identity) -> None:
    output = errand.output
    output.line(_headline(found))
    if found.lookup.credential is not None:
        output.table(_rows(found, errand.surroundings.environ), "<<")
    told = [silent for silent in found.lookup.silent if not silent.failed]
    if told:
        output.line("sources that did not answer:")
        output.table([(silent.source.place, silent.reason) for silent in told], "<<")
    for warning in (*found.lookup.warnings, *found.notices):
        output.warn(warning)
    tell_silent(errand, [silent for silent in found.lookup.silent if silent.failed])
    tell_problem(errand, found)


def show_all(errand: AccountErrand, every: Sequence[Identity]) -> None:
    if not every:
        errand.output.line("not logged in anywhere: no source on this machine knows a registry")
        return
    rows = [("REGISTRY", "ACCOUNT", "STATE", "SOURCE"), *(_cells(each) for each in every)]
    errand.output.table(rows, "<<<<")


def tell_silent(errand: AccountErrand, failed: Sequence[Silent]) -> None:
    """Those that should have answered: what is known of the failure, with its cause and its cure."""
    here = errand.surroundings
    for silent in failed:
        known = next(explained(_as_known(silent), here.environ, here.platform), None)
        said = f"{silent.source.place}: {silent.reason}"
        next_step = known.next_step if known else _way_around(silent)
        evidence = as_evidence(known, here.environ) if known else ()
        errand.output.explain(Diagnostics(said, evidence, next_step))


def _way_around(silent: Silent) -> str:
    if silent.source.place.startswith(_HELPER):
        return "wharf login --store file REGISTRY does without it"
    return "mend it, or work with another folder: --config DIR"


def _as_known(silent: Silent) -> str:
    place, registry = silent.source.place, registry_of(silent.source.key) if silent.source.key else ""
    if not place.startswith(_HELPER):
        return f"{place}: {silent.reason}"
    reason, _, said = silent.reason.partition(": ")
    text = as_docker_says(place.removeprefix(_HELPER).partition(" ")[0], "get", reason, said)
    return about(registry, text) if registry else text


def tell_problem(errand: AccountErrand, found: Identity) -> None:
    problem = found.error or (found.standing.refusal if found.standing else None)
    if problem is not None:
        errand.output.explain(problem.diagnostics())


def _headline(found: Identity) -> str:
    if found.state is State.LOGGED_IN:
        return f"{found.registry}: logged in as {found.account or 'an account that the token does not name'}"
    as_whom = f" ({found.account})" if found.account else ""
    return f"{found.registry}: {found.state.value}{as_whom}"


def _rows(found: Identity, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    source, credential = found.lookup.source, found.lookup.credential
    rows = [("source", f"{source.place}, as {source.key}" if source and source.key else source.place if source else "")]
    rows += [("kind", kind_of_credential(credential))] if credential else []
    rows += [("since", f"{_minute(found)} or before: its file was written then")] if found.since else []
    rows += wharf_rows(found.at_wharf) if found.at_wharf else []
    rows += rights_rows(found.standing) if found.standing and _are_rights_told(found) else []
    rows += [("valid", _end(found, environ))]
    return rows + ([("pulls", f"{found.pulls}{_counted(found)}")] if found.pulls else [])


def _are_rights_told(found: Identity) -> bool:
    """A wharf registry has told the scopes and roles already, where no repository was asked about."""
    if found.state is State.REFUSED or found.standing is None:
        return False
    return found.at_wharf is None or found.standing.repository is not None


def _minute(found: Identity) -> str:
    return found.since.astimezone().strftime("%Y-%m-%d %H:%M") if found.since else _UNKNOWN


def _end(found: Identity, environ: Mapping[str, str]) -> str:
    lifetime = replace(found.lifetime, words=in_own_language(found.lifetime.words, environ))
    if found.expires is None and found.latest_end is not None:
        return f"{lifetime.words}; at the latest: {expiry_in_words(found.latest_end, lifetime, found.asked_at)}"
    return expiry_in_words(found.expires, lifetime, found.asked_at)


def _counted(found: Identity) -> str:
    return f", counted for {found.pulls.counted_by}" if found.pulls and found.pulls.counted_by else ""


def _cells(found: Identity) -> tuple[str, str, str, str]:
    source = found.lookup.source.place if found.lookup.source else _UNKNOWN
    return (found.registry, found.account or _UNKNOWN, found.state.value, source)


def as_json(found: Identity) -> Json:
    credential, source = found.lookup.credential, found.lookup.source
    return {
        "registry": found.registry,
        "state": found.state.name.lower(),
        "loggedIn": found.state in {State.LOGGED_IN, State.POWERLESS},
        "account": found.account or None,
        "kind": None if credential is None else kind_of_credential(credential),
        "source": None if source is None else {"place": source.place, "key": source.key},
        "since": moment_as_json(found.since),
        "expires": moment_as_json(found.expires),
        "token": wharf_as_json(found.at_wharf) if found.at_wharf else None,
        "rights": rights_as_json(found.standing) if found.standing else None,
        "pulls": None
        if found.pulls is None
        else {"limit": found.pulls.limit, "remaining": found.pulls.remaining, "seconds": found.pulls.window_seconds},
        "silent": [silent_as_json(silent) for silent in found.lookup.silent],
        "warnings": [*found.lookup.warnings, *found.notices],
        "problem": _problem_as_json(found),
    }


def silent_as_json(silent: Silent) -> Json:
    return {"place": silent.source.place, "reason": silent.reason, "failed": silent.failed}


def _problem_as_json(found: Identity) -> Json:
    problem = found.error or (found.standing.refusal if found.standing else None)
    if problem is None:
        return None
    told = problem.diagnostics()
    return {"code": problem.code, "cause": told.cause, "evidence": list(told.evidence), "nextStep": told.next_step}
