"""A credential on this machine cannot be read, kept or used."""

from collections.abc import Sequence

from wharf.errors.root import WharfError, shown


class CredentialProblem(WharfError):
    code = "credential-problem"


class CredentialFileRefused(CredentialProblem):
    """A file of credentials that cannot be read or written as a whole."""

    code = "credential-file-refused"

    def __init__(self, path: str, reason: str, *, evidence: Sequence[str] = (), next_step: str = "") -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"{shown(path)}: {reason}",
            evidence=evidence,
            next_step=next_step or "mend the file, or work with another folder: --config DIR",
        )


class HelperFailed(CredentialProblem):
    """A credential helper, docker-credential-*, did not do its part."""

    code = "helper-failed"

    def __init__(self, helper: str, action: str, reason: str, *, said: str = "", next_step: str = "") -> None:
        """`said`: what it wrote; never for an action that answers with a secret."""
        self.helper = helper
        self.action = action
        self.reason = reason
        self.said = said
        super().__init__(
            f"docker-credential-{shown(helper)} {action}: {reason}",
            evidence=[f"it said: {shown(said)}"] if said else [],
            next_step=next_step or "store credentials in a file: wharf login --store file REGISTRY",
        )


class LoginImpossible(CredentialProblem):
    """There is nothing to log in with."""

    code = "login-impossible"

    def __init__(self, reason: str, next_step: str) -> None:
        self.reason = reason
        super().__init__(reason, next_step=next_step)
