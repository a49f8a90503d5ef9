"""Numbers in `$((...))`, `((...))` and `[[ -lt ]]`: whole, of 64 bits, with the operators of C."""

import re
from collections.abc import Callable
from typing import Final

_token: Final = re.compile(
    r"\s*(?:(0[xX][0-9a-fA-F]+|\d+#\w+|\d+)|([A-Za-z_]\w*)|"
    r"(<<=|>>=|\*\*|\+\+|--|&&|\|\||<<|>>|<=|>=|==|!=|[-+*/%&|^]=|[-+*/%()<>=!~&|^?:,]))"
)
_STRENGTH: Final = {
    "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7, "<<": 8, ">>": 8,
    "+": 9, "-": 9, "*": 10, "/": 10, "%": 10, "**": 12,
}  # fmt: skip
_ASSIGNING: Final = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="})
_UNARY: Final = 11
_MOST_TOKENS: Final = 200
_DEEPEST: Final = 20

Read = Callable[[str], int | None]
Store = Callable[[str, int | None], None]


class NotANumber(Exception):
    pass


def number(text: str, read: Read, store: Store = lambda _name, _value: None) -> int | None:
    """None where it is not known, or not understood. `read` gives the variables, `store` is told of assignments."""
    try:
        return _Sum(text, read, store).whole()
    except (NotANumber, ZeroDivisionError, ValueError):
        return None


def wrapped(value: int) -> int:
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


class _Sum:
    def __init__(self, text: str, read: Read, store: Store) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0
        self._read = read
        self._store = store

    def whole(self) -> int | None:
        if not self._tokens:
            return 0
        value = self._expression(0)
        while self._takes(","):
            value = self._expression(0)
        if self._at < len(self._tokens):
            raise NotANumber
        return value

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _takes(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _expression(self, weakest: int) -> int | None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotANumber
        left = self._first()
        while (strength := _STRENGTH.get(self._peek(), 0)) > weakest:
            operator = self._tokens[self._at]
            self._at += 1
            left = _combined(operator, left, self._expression(strength - (operator == "**")))
        if weakest == 0 and self._takes("?"):
            yes = self._expression(0)
            if not self._takes(":"):
                raise NotANumber
            no = self._expression(0)
            left = None if left is None else yes if left else no
        self._depth -= 1
        return left

    def _first(self) -> int | None:
        first = self._peek()
        self._at += 1
        if first in ("++", "--"):
            return self._changed(self._next_name(), 1 if first == "++" else -1)
        if first in ("-", "+", "!", "~"):
            return _unary(first, self._expression(_UNARY))
        if first == "(":
            value = self._expression(0)
            if not self._takes(")"):
                raise NotANumber
            return value
        if first[:1].isdigit():
            return _literal(first)
        if not first or not (first[0].isalpha() or first[0] == "_"):
            raise NotANumber
        return self._variable(first)

    def _next_name(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else ""

    def _variable(self, name: str) -> int | None:
        if self._peek() in _ASSIGNING:
            operator = self._peek()
            self._at += 1
            value = self._expression(0)
            if operator != "=":
                value = _combined(operator[:-1], self._read(name), value)
            self._store(name, value)
            return value
        value = self._read(name)
        if self._peek() in ("++", "--"):
            self._changed(name, 1 if self._peek() == "++" else -1)
            self._at += 1
        return value

    def _changed(self, name: str, by: int) -> int | None:
        value = self._read(name)
        changed = None if value is None else wrapped(value + by)
        self._store(name, changed)
        return changed


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        token = _token.match(text, at)
        if token is None or len(found) > _MOST_TOKENS:
            raise NotANumber
        found.append(token.group().strip())
        at = token.end()
    return found


def _literal(token: str) -> int:
    if len(token) > 24:
        raise NotANumber
    if "#" in token:
        base, _, digits = token.partition("#")
        return wrapped(int(digits, int(base)))
    return wrapped(int(token, 16 if token[:2] in ("0x", "0X") else 8 if token[0] == "0" else 10))


def _unary(operator: str, value: int | None) -> int | None:
    if value is None:
        return None
    return {"-": wrapped(-value), "+": value, "!": int(not value), "~": ~value}[operator]


def _combined(operator: str, left: int | None, right: int | None) -> int | None:
    if left is None or right is None:
        return None
    return wrapped(_OPERATIONS[operator](left, right))


def _divided(left: int, right: int) -> int:
    """Towards zero, as C does."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_OPERATIONS: Final[dict[str, Callable[[int, int], int]]] = {
    "||": lambda a, b: int(bool(a or b)), "&&": lambda a, b: int(bool(a and b)), "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b, "&": lambda a, b: a & b, "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b), ">": lambda a, b: int(a > b), "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b), "<<": lambda a, b: a << (b & 63), ">>": lambda a, b: a >> (b & 63),
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": _divided,
    "%": lambda a, b: a - _divided(a, b) * b, "**": lambda a, b: pow(a, b, 1 << 64) if b >= 0 else 0,
}  # fmt: skip
