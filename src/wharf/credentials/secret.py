"""A secret: compared and used, never printed, logged or written by accident."""

import hmac


class Secret:
    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Only where it is sent to its registry or written to its store."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not to be written down")


def is_writable(text: str) -> bool:
    """JSON can hold half a character, which nothing else can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
