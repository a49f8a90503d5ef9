"""What can be done, and what it takes: a role in the owner of the repository, and a permission of the token."""

from enum import Enum
from typing import Final, NamedTuple

from wharf.access.permission import Permission
from wharf.access.role import Role


class Action(Enum):
    """The value is the word for it in the token protocol, or one of its kind."""

    PULL = "pull"
    PUSH = "push"
    DELETE = "delete"
    RESTORE = "restore"
    SETTLE = "settings"  # visibility and rules of a repository
    GOVERN = "governing"  # members, service accounts, webhooks, rules of an organisation

    @property
    def in_a_sentence(self) -> str:
        """As it goes on with "… is not allowed"."""
        return _IN_A_SENTENCE.get(self, self.value)


_IN_A_SENTENCE: Final = {Action.SETTLE: "changing settings", Action.GOVERN: "administration"}


class Takes(NamedTuple):
    role: Role
    permission: Permission


TAKES: Final = {
    Action.PULL: Takes(Role.READER, Permission.READ),
    Action.PUSH: Takes(Role.WRITER, Permission.WRITE),
    Action.DELETE: Takes(Role.MAINTAINER, Permission.DELETE),
    Action.RESTORE: Takes(Role.MAINTAINER, Permission.WRITE),
    Action.SETTLE: Takes(Role.MAINTAINER, Permission.ADMIN),
    Action.GOVERN: Takes(Role.OWNER, Permission.ADMIN),
}
# Which of them the Docker token protocol can speak of. Restoring and settings have their own API, with its own tokens.
SPOKEN_OF: Final = (Action.PULL, Action.PUSH, Action.DELETE)
