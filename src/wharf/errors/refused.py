"""It could be done, and may not."""

from collections.abc import Sequence

from wharf.errors.root import WharfError, shown, with_article


class Refused(WharfError):
    code = "refused"


class NotAuthenticated(Refused):
    code = "not-authenticated"

    def __init__(self, action: str, name: str) -> None:
        self.action = action
        self.name = name
        super().__init__("authentication required", next_step="log in to this registry")


class CredentialRefused(Refused):
    """A name and password, or a token, that is not good, or no longer. Who does not hold it is not told why."""

    code = "credential-refused"

    def __init__(self, reason: str = "", next_step: str = "") -> None:
        super().__init__(
            "the credential is not accepted",
            evidence=[reason] if reason else [],
            next_step=next_step or "look at the name and the password, or make a new token",
        )


class GrantMissing(Refused):
    """The short-lived token was not asked for this right; a new one might have it."""

    code = "grant-missing"

    def __init__(self, action: str, name: str) -> None:
        self.action = action
        self.name = name
        super().__init__(
            f"this token was not made for {action} on {shown(name)}",
            next_step="ask the token service again, with the scope that the challenge names",
        )


class Denied(Refused):
    """`missing`: the role or token that would have been needed; told only to whom may know of the place."""

    code = "denied"

    def __init__(self, action: str, name: str, missing: str = "", next_step: str = "") -> None:
        self.action = action
        self.name = name
        super().__init__(
            f"{action} is not allowed on {shown(name)}" + (f": it needs {missing}" if missing else ""),
            evidence=[f"missing: {missing}"] if missing else [],
            next_step=next_step or "ask an owner for this right",
        )


class TooManyAttempts(Refused):
    """Too many wrong passwords, or tokens that are none; the right one is heard again after a while."""

    code = "too-many-attempts"

    def __init__(self, seconds: int, cause: str = "too many failed logins") -> None:
        self.seconds = seconds
        super().__init__(cause, next_step=f"try again in {seconds} seconds")


class AlreadyThere(Refused):
    code = "already-there"

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"there is {with_article(what)} {shown(name)} already", next_step="choose another name")


class TagImmutable(Refused):
    """A rule says that this tag, once set, stays where it is."""

    code = "tag-immutable"

    def __init__(self, name: str, tag: str, rule: str) -> None:
        self.tag = tag
        super().__init__(
            f"the tag {shown(tag)} of {shown(name)} is immutable",
            evidence=[f"rule: {rule}"],
            next_step="push under a new tag, or let a maintainer change the rule",
        )


class QuotaExceeded(Refused):
    code = "quota-exceeded"

    def __init__(self, owner: str, quota: int, used: int, more: int) -> None:
        self.quota = quota
        super().__init__(
            f"{shown(owner)} has no room left",
            evidence=[f"quota: {quota} bytes", f"used: {used} bytes", f"this push: {more} bytes more"],
            next_step="delete versions that nobody needs, or let an administrator raise the quota",
        )


class PartOfImage(Refused):
    """A manifest that a live index names is not taken away from under it."""

    code = "part-of-image"

    def __init__(self, digest: str, wholes: Sequence[str]) -> None:
        self.digest = digest
        super().__init__(
            f"{digest} is a part of another image",
            evidence=[f"part of: {whole}" for whole in wholes],
            next_step="delete that image, and its parts may go",
        )


class LastVersion(Refused):
    """What is left when it goes is no package; GitHub says so in these words, and scripts read them."""

    code = "last-version"

    def __init__(self, package: str, *, is_tagged: bool) -> None:
        self.package = package
        which = "last tagged version" if is_tagged else "last version"
        super().__init__(
            f"You cannot delete the {which} of a package. You must delete the package instead.",
            evidence=[f"package: {package}"],
            next_step="delete the package; it can be restored as a whole",
        )


class CannotRestore(Refused):
    code = "cannot-restore"

    def __init__(self, what: str, reason: str, next_step: str = "") -> None:
        super().__init__(f"{shown(what)} cannot be restored: {reason}", next_step=next_step or "push it again")


class StillNeeded(Refused):
    """An account or a role that cannot go, for what would be left without it."""

    code = "still-needed"

    def __init__(self, what: str, reason: str, next_step: str) -> None:
        super().__init__(f"{shown(what)} is still needed: {reason}", next_step=next_step)


class TooLarge(Refused):
    code = "too-large"

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(f"the {what} is larger than {limit} bytes", next_step=f"send a {what} within the limit")


class TooMany(Refused):
    code = "too-many"

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(f"more than {limit} {what} at once", next_step=f"send at most {limit} {what}")


class TooBusy(Refused):
    """For the moment there is no room for one more."""

    code = "too-busy"

    def __init__(self, what: str) -> None:
        super().__init__(f"too many {what}", next_step="try again in a moment")


class NotSupported(Refused):
    code = "not-supported"

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"{shown(method)} cannot be done here", next_step=f"possible here: {', '.join(allowed)}")


class StillInUse(Refused):
    """A blob that a live manifest names cannot be taken away from under it."""

    code = "still-in-use"

    def __init__(self, digest: str, users: Sequence[str]) -> None:
        self.digest = digest
        self.users = tuple(users)
        super().__init__(
            f"{digest} is still in use",
            evidence=[f"named by: {user}" for user in users],
            next_step="delete the manifests that name it first",
        )
