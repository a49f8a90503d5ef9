"""Step 2: whether the registry lets this account in, and what it may do. The credential stays in memory."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from wharf.client.login.asking import answered
from wharf.client.login.probe import ask_standing
from wharf.client.login.standing import Question, Right, Standing, Verdict
from wharf.client.message import Request
from wharf.doctor.check.as_clients_say import NOT_TAKEN
from wharf.doctor.check.step import Telling
from wharf.doctor.check.voyage import EngineUse, Voyage, in_thread
from wharf.errors import Denied, RemoteAnswered
from wharf.protocol import paths

_AT_THE_DOOR: Final = "let this account in"
_ANSWERS: Final[dict[bool | None, tuple[str, str]]] = {True: ("yes", "예"), False: ("no", "아니요")}


async def log_in(voyage: Voyage, told: Telling) -> None:
    berth, lookup = voyage.berth, voyage.lookup
    place = lookup.source.place if lookup.source else ""
    question = Question(
        berth.registry,
        lookup.credential,
        berth.repository,
        proof_from=f"with the credential from {place}" if place else "",
    )
    standing = await answered(ask_standing(question, voyage.scene.clock().timestamp()), voyage.session)
    if standing.refusal is not None:
        raise await _with_more(standing.refusal, voyage)
    if standing.verdict is Verdict.POWERLESS and lookup.credential is not None:
        raise _powerless(standing)
    _tell_standing(standing, told, is_anybody=lookup.credential is None)
    await _engine_too(voyage, told)


def _tell_standing(standing: Standing, told: Telling, *, is_anybody: bool) -> None:
    if standing.verdict is Verdict.NOT_ASKED:
        told.good(
            f"{standing.registry} asks nobody who they are", f"{standing.registry}은(는) 로그인을 요구하지 않습니다"
        )
    elif is_anybody:
        told.good("let in as anybody, without a login", "로그인하지 않고 익명으로 들어갔습니다")
    else:
        account = standing.account or "?"
        told.good(
            f"logged in to {standing.registry} as {account}", f"{standing.registry}에 {account}(으)로 로그인했습니다"
        )
    known = [right for right in standing.rights if right.given is not None]
    if known and standing.verdict is not Verdict.NOT_ASKED:
        english = ", ".join(f"{right.action} {_ANSWERS[right.given][0]}" for right in known)
        korean = ", ".join(f"{right.action} {_ANSWERS[right.given][1]}" for right in known)
        told.good(f"{standing.repository}: {english}", f"{standing.repository}: {korean}")


async def _with_more(refusal: RemoteAnswered, voyage: Voyage) -> RemoteAnswered:
    """A token that was given and is not taken is another failure than a login that gives none."""
    if _AT_THE_DOOR not in refusal.diagnostics().cause:
        return refusal
    challenge = await voyage.session.send(Request("GET", paths.BASE))
    asked_for = (challenge.headers.first("www-authenticate") or "").lower()
    return refusal.seen_at(NOT_TAKEN) if asked_for.startswith("bearer") else refusal


def _powerless(standing: Standing) -> Denied:
    denied = Denied("to pull or to push", str(standing.repository))
    denied.seen_at(f"{standing.registry} accepts the login of {standing.account}, and grants it nothing there")
    for evidence in _evidence(standing.rights):
        denied.seen_at(evidence)
    return denied


def _evidence(rights: Sequence[Right]) -> list[str]:
    return [f"{right.action}: {right.evidence}" for right in rights if right.evidence]


async def _engine_too(voyage: Voyage, told: Telling) -> None:
    credential, engine = voyage.credential, voyage.engine
    if voyage.wishes.engine is not EngineUse.PUSHES or engine is None or credential is None:
        return
    await in_thread(partial(engine.voyages.log_in, voyage.berth.registry, credential))
    told.good(
        "the engine is let in, too; it keeps no credential", "엔진도 로그인했습니다. 자격 증명은 저장하지 않습니다"
    )
