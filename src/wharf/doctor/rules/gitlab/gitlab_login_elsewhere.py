"""A job logs in to Docker Hub, because it names no registry, and then pushes to another one."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import Seen, jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import DOCKER_HUB, Login, Named, commands, login_of, named_by
from wharf.formats.shell.ran import Followed, Ran
from wharf.formats.span import Span

_READY_MADE: Final = "DOCKER_AUTH_CONFIG"
_CLOUDS: Final = {"gcloud", "az", "aws", "doctl", "oc", "ibmcloud", "scw", "yc", "crane", "skopeo", "helm"}


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for seen in checkout.once(jobs):
        ran = list(commands(seen))
        if _has_other_ways(seen, ran):
            continue
        logins = [login for each in ran if (login := login_of(each))]
        pushed = [named for each in ran for named in named_by(each) if named.is_pushed and _is_elsewhere(named)]
        if logins and pushed and not any(login.server for login in logins):
            found.setdefault(logins[0].ran.span, _finding(logins[0], pushed[0]))
    yield from found.values()


def _is_elsewhere(named: Named) -> bool:
    """A registry of which something is known: it is GitLab's, or it has a name."""
    registry = named.registry
    if registry.holes:
        return registry.holes[0].reason.subject == "CI_REGISTRY"
    return registry.flat not in {DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "localhost"}


def _has_other_ways(seen: Seen, ran: list[Ran]) -> bool:
    """Tools of clouds log in by themselves, and the file of credentials can be written by hand."""
    is_ready_made = any(variable.name == _READY_MADE for variable in seen.acting.values.written())
    is_written = any(".docker" in word.flat or "config.json" in word.flat for each in ran for word in each.words)
    written = [each for step in seen.acting.run.steps if isinstance(step.deed, Followed) for each in step.deed.written]
    is_written = is_written or any("config.json" in each.path.flat for each in written)
    return is_ready_made or is_written or any(each.program in _CLOUDS for each in ran)


def _finding(login: Login, push: Named) -> Finding:
    registry = push.registry.shown
    return Finding(
        login.ran.span,
        Words(
            f"this logs in to Docker Hub, and the job pushes to {registry}",
            f"여기서는 Docker Hub에 로그인하지만 작업은 {registry}에 올립니다",
        ),
        (
            Evidence(
                Words(f"it pushes {push.reference.shown}", f"올리는 이미지: {push.reference.shown}"), push.ran.span
            ),
        ),
        Words(
            "Without a registry, `docker login` means Docker Hub. The push is denied then, "
            "and the login itself fails for users that Docker Hub does not know.",
            "레지스트리를 적지 않은 `docker login`은 Docker Hub를 뜻합니다. 올리기는 거부되고, "
            "Docker Hub에 없는 사용자라면 로그인부터 실패합니다.",
        ),
        (Fix(Words("Name the registry in the login.", "로그인에 레지스트리를 적으세요."), _edits(login, push)),),
    )


def _edits(login: Login, push: Named) -> tuple[Edit, ...]:
    span, registry = login.ran.span, push.registry
    if span.line != span.end_line:
        return ()
    is_own = registry.flat == "registry.gitlab.com" or bool(registry.holes)
    name = "$CI_REGISTRY" if is_own else registry.flat
    return (Edit(Span.at(span.file, span.end_line, span.end_column), f" {name}"),)


RULE: Final = Rule(
    "gitlab-login-elsewhere",
    Severity.ERROR,
    Words("A job logs in to one registry and pushes to another", "로그인한 레지스트리와 올리는 레지스트리가 다릅니다"),
    _check,
)
