"""What may this credential do? The registry and its token service are asked, in the order in which clients ask them.

    GET /v2/                  without a credential: whether one is asked for, and of whom
    the token service         for a token for pull, push and delete at once; if it refuses that, for each by itself
    GET /v2/                  with what was given: whether it is accepted
    GET …/tags/list           where no token tells, whether pulling is allowed
    POST …/blobs/uploads/     only if it was wished for: whether pushing is allowed; what was begun is ended again

Nothing is sent from here: the probe is a generator that yields requests and is given their responses. A credential
that is refused is a finding; a registry that cannot be asked is an error.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urljoin, urlsplit

from wharf.client.login.proof import to_registry, to_token_service
from wharf.client.login.standing import ACTIONS, Basis, Question, Right, Standing, Verdict
from wharf.client.message import Request, Response
from wharf.client.notices import RateLimit, rate_limit_of
from wharf.client.refusals import refusal, told
from wharf.credentials.credential import IdentityToken, Password, RegistryToken
from wharf.credentials.secret import Secret
from wharf.errors import RemoteDenied, RemoteMisbehaved, RemoteUnauthenticated
from wharf.oci.reference import RepositoryName
from wharf.protocol import paths
from wharf.protocol.scope import ANY_ACTION, Scope
from wharf.protocol.token import Token, claims_of
from wharf.protocol.token_flow import (
    Asking,
    TokenResponse,
    token_flow,
)
from wharf.protocol.token_service import Demand, TokenService, read_demand

T = TypeVar("T")
Flow: TypeAlias = Generator[Request, Response, T]

_PING: Final = Request("GET", paths.BASE)
_NO: Final = frozenset({401, 403})


@dataclass(slots=True)
class _Pass:
    """What is shown at the door: one for everything, or one for each action where the service gave them singly."""

    authorization: str = field(default="", repr=False)
    token: Token | None = None
    single: dict[str, str] = field(default_factory=dict, repr=False)
    denied: dict[str, str] = field(default_factory=dict)
    """Actions that the token service refused, in its words."""

    def onto(self, request: Request, action: str = "") -> Request:
        authorization = self.single.get(action, self.authorization)
        return replace(request, headers={"authorization": authorization}) if authorization else request


def ask_standing(question: Question, now: float) -> Flow[Standing]:
    """`now`, in seconds: tokens live from then on."""
    demand = yield from _demand(question)
    if demand is None:
        rights = yield from _rights(question, _Pass())
        return _standing(question, Verdict.NOT_ASKED, rights)
    try:
        shown = yield from _pass_for(question, demand, now)
        yield from _accepted(question, shown)
    except (RemoteUnauthenticated, RemoteDenied) as refused:
        return replace(_standing(question, Verdict.REFUSED), refusal=refused)
    rights = yield from _rights(question, shown)
    standing = _standing(question, Verdict.POWERLESS if _is_powerless(rights) else Verdict.ACCEPTED, rights)
    return replace(
        standing,
        account=standing.account or _subject(shown),
        refresh_token=_refresh_token(shown),
        has_token_service=demand.token_service is not None,
        token=RegistryToken(Secret(shown.token.text)) if shown.token else None,
    )


def ask_pulls_left(question: Question, preview: Request, scope: Scope, now: float) -> Flow[RateLimit | None]:
    """How many pulls the account has left, where the registry counts them; no pull is spent."""
    demand = yield from _demand(replace(question, repository=None))
    shown = _Pass()
    if demand is not None and demand.token_service is not None:
        asking = Asking(question.registry, demand.token_service, (scope,), to_token_service(question.credential))
        shown = _Pass(f"Bearer {(yield from _fetched(asking, now)).text}")
    response = yield shown.onto(preview)
    return rate_limit_of(response.headers)


def _standing(question: Question, verdict: Verdict, rights: tuple[Right, ...] = ()) -> Standing:
    match question.credential:
        case Password(username) | IdentityToken(username=username):
            account = username
        case _:
            account = ""
    return Standing(question.registry, verdict, account, question.repository, rights)


def _subject(shown: _Pass) -> str:
    subject = claims_of(shown.token.text).get("sub") if shown.token else None
    return subject if isinstance(subject, str) else ""


def _refresh_token(shown: _Pass) -> Secret | None:
    return Secret(shown.token.refresh_token) if shown.token and shown.token.refresh_token else None


# --- who is asked for ------------------------------------------------------------------------------------------------


def _demand(question: Question) -> Flow[Demand | None]:
    """None: everybody is let in. Some let everybody look around, and ask only where it is about a repository."""
    response = yield _PING
    if response.status == 200 and question.repository is not None:
        response = yield _upload_of(question.repository) if question.push else _tags_of(question.repository)
        if response.status != 401:
            yield from _ended(response)
            return None
    if response.status == 200:
        return None
    if response.status == 401:
        plain = response.url.startswith("http://")
        return read_demand(response.headers.all("www-authenticate"), question.registry, plain_allowed=plain)
    if response.status == 404:
        raise RemoteMisbehaved(question.registry, "no registry answers here", [f"GET {response.shown_url}: 404"])
    raise refusal(question.registry, "say who may come in", response)


def _accepted(question: Question, shown: _Pass) -> Flow[None]:
    response = yield shown.onto(_PING)
    if response.status != 200:
        raise refusal(question.registry, "let this account in", response)


# --- what is shown at the door ---------------------------------------------------------------------------------------


def _pass_for(question: Question, demand: Demand, now: float) -> Flow[_Pass]:
    if isinstance(question.credential, RegistryToken):
        return _Pass(f"Bearer {question.credential.token.reveal()}")
    if demand.token_service is None:
        return _Pass(to_registry(question.credential))
    service = replace(demand.token_service, scopes=())
    try:
        token = yield from _asked(question, service, ACTIONS, now, offline=question.offline)
    except (RemoteDenied, RemoteUnauthenticated):
        if question.repository is None:
            raise
        return (yield from _pass_for_each(question, service, now))
    return _Pass(f"Bearer {token.text}", token)


def _pass_for_each(question: Question, service: TokenService, now: float) -> Flow[_Pass]:
    """Some services refuse a wish as a whole because of one right in it. First of all: is the credential good?"""
    token = yield from _asked(question, service, (), now, offline=question.offline)
    shown = _Pass(f"Bearer {token.text}", token)
    for action in ACTIONS:
        try:
            single = yield from _asked(question, service, ("pull", action) if action == "push" else (action,), now)
        except (RemoteDenied, RemoteUnauthenticated) as refused:
            shown.denied[action] = "; ".join(refused.diagnostics().evidence[:2])
        else:
            shown.single[action] = f"Bearer {single.text}"
    return shown


def _asked(
    question: Question, service: TokenService, actions: Sequence[str], now: float, *, offline: bool = False
) -> Flow[Token]:
    name = question.repository
    scopes = (Scope("repository", str(name), frozenset(actions)),) if name is not None and actions else ()
    proof = to_token_service(question.credential)
    asking = Asking(question.registry, service, scopes, proof, question.proof_from, offline=offline)
    return (yield from _fetched(asking, now))


def _fetched(asking: Asking, now: float) -> Flow[Token]:
    """The token flow speaks of requests in its own, smaller words."""
    flow = token_flow(asking, now)
    try:
        wish = next(flow)
        while True:
            response = yield Request(wish.method, wish.url, wish.headers, wish.body)
            wish = flow.send(TokenResponse(response.status, response.body))
    except StopIteration as ended:
        token: Token = ended.value
        return token


# --- what may be done ------------------------------------------------------------------------------------------------


def _rights(question: Question, shown: _Pass) -> Flow[tuple[Right, ...]]:
    if question.repository is None:
        return ()
    rights = {action: _as_told(question.repository, shown, action) for action in ACTIONS}
    if rights["pull"].given is None:
        rights["pull"] = yield from _tried_to_pull(question.repository, shown)
    if question.push and rights["push"].basis is not Basis.SERVICE:
        rights["push"] = yield from _tried_to_push(question.repository, shown)
    return tuple(rights.values())


def _as_told(repository: RepositoryName, shown: _Pass, action: str) -> Right:
    if action in shown.denied:
        return Right(action, given=False, basis=Basis.SERVICE, evidence=shown.denied[action])
    granted = shown.token.granted if shown.token and not shown.single and not shown.denied else None
    if granted is None:
        return Right(action)
    held = {held for scope in granted if scope.name == str(repository) for held in scope.actions}
    return Right(action, given=action in held or ANY_ACTION in held, basis=Basis.TOKEN)


def _tried_to_pull(repository: RepositoryName, shown: _Pass) -> Flow[Right]:
    response = yield shown.onto(_tags_of(repository), "pull")
    given = True if response.status == 200 else False if response.status in _NO else None
    return Right("pull", given, Basis.UNKNOWN if given is None else Basis.TRIED, _evidence(response))


def _tried_to_push(repository: RepositoryName, shown: _Pass) -> Flow[Right]:
    response = yield shown.onto(_upload_of(repository), "push")
    yield from _ended(response, shown)
    given = True if response.status == 202 else False if response.status in _NO else None
    return Right("push", given, Basis.TRIED, _evidence(response))


def _ended(response: Response, shown: _Pass | None = None) -> Flow[None]:
    """An upload that was begun is taken back. Whether that succeeds does not matter: registries forget them in time."""
    location = urljoin(response.url, response.headers.first("location") or "")
    if response.status == 202 and _origin(location) == _origin(response.url):
        yield (shown or _Pass()).onto(Request("DELETE", location), "push")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _evidence(response: Response) -> str:
    lines = told(response).lines if response.status >= 400 else ()
    return "; ".join((f"it answered {response.status}", *lines))


def _is_powerless(rights: Sequence[Right]) -> bool:
    """Neither pulling nor pushing is allowed, and of neither it is unknown."""
    return bool(rights) and all(right.given is False for right in rights if right.action in {"pull", "push"})


def _tags_of(repository: RepositoryName) -> Request:
    return Request("GET", f"{paths.tag_list(repository)}?n=1")


def _upload_of(repository: RepositoryName) -> Request:
    return Request("POST", paths.upload_start(repository))
