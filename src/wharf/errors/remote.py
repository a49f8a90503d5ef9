"""A registry elsewhere, or the way to it, does not do its part."""

from collections.abc import Sequence

from wharf.errors.root import WharfError, shown


class RemoteProblem(WharfError):
    code = "remote"


class Unreachable(RemoteProblem):
    """No answer: the name is not known, nobody listens, the connection broke, or time ran out."""

    code = "unreachable"

    def __init__(self, address: str, reason: str, *, evidence: Sequence[str] = (), next_step: str = "") -> None:
        self.address = address
        self.reason = reason
        super().__init__(
            f"{shown(address)} cannot be reached: {reason}",
            evidence=evidence,
            next_step=next_step or "look at the host's name and port, and at the proxy and network between",
        )


class TlsRefused(RemoteProblem):
    """The other side cannot prove who it is, or does not speak TLS."""

    code = "tls-refused"

    def __init__(self, address: str, reason: str, *, evidence: Sequence[str] = (), next_step: str = "") -> None:
        self.address = address
        self.reason = reason
        super().__init__(
            f"the TLS connection to {shown(address)} was refused: {reason}",
            evidence=evidence,
            next_step=next_step or f"put the CA's certificate into /etc/docker/certs.d/{shown(address)}/ca.crt",
        )


class PlainHttp(RemoteProblem):
    """HTTP is spoken where HTTPS was expected."""

    code = "plain-http"

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            f"{shown(address)} answers in plain HTTP",
            evidence=["a TLS greeting was answered with something that is not TLS"],
            next_step=f"give the registry a certificate, or allow it by name: --insecure {shown(address)}",
        )


class RemoteAnswered(RemoteProblem):
    """The registry answered with an error of its own."""

    code = "remote-answered"

    def __init__(
        self,
        registry: str,
        did: str,
        status: int,
        said: Sequence[str] = (),
        *,
        codes: Sequence[str] = (),
        next_step: str = "",
    ) -> None:
        """`did`: what was asked, "push to team/app"; `said`: the lines of its answer; `codes`: those of its errors."""
        self.registry = registry
        self.did = did
        self.status = status
        self.codes = tuple(codes)
        super().__init__(
            f"{shown(registry)} refused to {shown(did)}: {self._in_words()}",
            evidence=[f"it answered {status}", *map(shown, said)],
            next_step=next_step or self._advice(),
        )

    def _in_words(self) -> str:
        return f"status {self.status}"

    def _advice(self) -> str:
        return "ask the registry's operator, with its answer above"


class RemoteUnauthenticated(RemoteAnswered):
    """401: the registry does not know who asks, or does not accept the proof."""

    code = "remote-unauthenticated"

    def _in_words(self) -> str:
        return "the login is missing, wrong, or no longer accepted"

    def _advice(self) -> str:
        return f"wharf login {self.registry}; `wharf whoami {self.registry}` tells which credential was used"


class RemoteDenied(RemoteAnswered):
    """403: the registry knows who asks, and says no."""

    code = "remote-denied"

    def _in_words(self) -> str:
        return "this account or token may not do it"

    def _advice(self) -> str:
        return f"`wharf whoami {self.registry}` tells the account and its rights; ask an owner for the missing one"


class RateLimited(RemoteAnswered):
    """429: for now the registry serves this caller no more."""

    code = "rate-limited"

    def _in_words(self) -> str:
        return "too many requests"

    def _advice(self) -> str:
        return "wait, or log in: accounts have higher limits than anonymous callers"


class RemoteMisbehaved(RemoteProblem):
    """What came back breaks the protocol: nothing of it is believed."""

    code = "remote-misbehaved"

    def __init__(self, registry: str, reason: str, evidence: Sequence[str] = ()) -> None:
        self.registry = registry
        self.reason = reason
        super().__init__(
            f"{shown(registry)} does not keep to the protocol: {reason}",
            evidence=[shown(line) for line in evidence],
            next_step="look whether a proxy or another program stands in the registry's place",
        )
