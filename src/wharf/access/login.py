"""A login is the name of an account.

    login    = word [ "+" word ]
    word     = 1*( a-z | 0-9 ), with ".", "_", "__" or dashes between      as a part of a repository's name

People and organisations have one word, and own the repositories that begin with it. An account with a plus is a service
of the organisation before the plus, `crew+ci`; no repository can have such a name, so it owns none.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from wharf.errors import MalformedLogin

LONGEST: Final = 255  # as long as a name of a repository may be
_WORD: Final = r"[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*"
_is_login: Final = re.compile(rf"{_WORD}(?:\+{_WORD})?").fullmatch
WORD_WRITTEN: Final = _WORD.replace("a-z", "A-Za-z")
WRITTEN: Final = rf"{WORD_WRITTEN}(?:\+{WORD_WRITTEN})?"
"""The forms of one word and of a login as people type them, as regular expressions."""
# Words that stand first in an address of this server, or mean something else than an account.
_RESERVED: Final = frozenset(
    (
        *("anonymous", "api", "assets", "ghost", "graphql", "healthz", "login", "logout", "me", "metrics"),
        *(
            "new",
            "oauth",
            "oidc",
            "orgs",
            "readyz",
            "settings",
            "static",
            "token",
            "user",
            "users",
            "v1",
            "v2",
            "wharf",
        ),
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Login:
    text: str

    def __post_init__(self) -> None:
        if not _is_login(self.text) or len(self.text) > LONGEST:
            raise MalformedLogin(self.text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """As people type it: capitals do not count."""
        return cls(text.strip().lower())

    @property
    def organisation(self) -> "Login | None":
        """Whose service this is; None for everybody else."""
        front, plus, _ = self.text.partition("+")
        return Login(front) if plus else None

    @property
    def name_of_service(self) -> str:
        """The word after the plus; empty for everybody else."""
        return self.text.partition("+")[2]

    @property
    def is_reserved(self) -> bool:
        return self.text in _RESERVED

    def __str__(self) -> str:
        return self.text
