"""Parameters at the door: what the address and the body say becomes values that cannot be wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from wharf.access.login import Login
from wharf.errors import EntryUnknown, MalformedField, MalformedLogin, MalformedName, MalformedQuery, RepositoryUnknown
from wharf.oci.reference import RepositoryName
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api import schema_check, schemas
from wharf.registry.http.api.operation import ApiRequest, Operation, Parameter, Place, Schema
from wharf.registry.http.api.schemas import LARGEST_NUMBER, MOST_DIGITS
from wharf.registry.http.message import Query

T = TypeVar("T")

LARGEST_PAGE: Final = 100
USUAL_PAGE: Final = 30
_MOST_ROWS: Final = 10_000

PAGE: Final = Parameter(
    "page",
    Place.QUERY,
    f"Which page. No list is numbered further than {_MOST_ROWS} rows.",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER, "default": 1},
)
PER_PAGE: Final = Parameter(
    "per_page",
    Place.QUERY,
    f"How many on a page. More than {LARGEST_PAGE} are not told at once.",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER, "default": USUAL_PAGE},
)


def choice(name: str, about: str, *choices: str, required: bool = False) -> Parameter:
    return Parameter(name, Place.QUERY, about, schemas.one_of(choices), required)


def in_path(name: str, about: str, schema: Schema | None = None) -> Parameter:
    return Parameter(name, Place.PATH, about, schema or {"type": "string", "minLength": 1}, required=True)


def checked(operation: Operation, query: Query) -> None:
    """Each parameter that is told follows its schema; one that is required is told. Others are not minded."""
    for parameter in operation.parameters:
        if parameter.place is Place.QUERY:
            _check(parameter, query.get(parameter.name))


def _check(parameter: Parameter, given: str | None) -> None:
    if given is None:
        if parameter.required:
            raise MalformedField(parameter.name, f"{parameter.name} is missing", next_step=parameter.about)
        return
    schema_check.check(_read(parameter, given), parameter.schema, parameter.name)


def _read(parameter: Parameter, given: str) -> JsonValue:
    """A query is text; what its schema calls a number is written as one."""
    match parameter.schema.get("type"):
        case "integer":
            return _whole(parameter.name, given)
        case "boolean" if given in {"true", "false"}:
            return given == "true"
    return given


@dataclass(frozen=True, slots=True)
class ApiPage:
    """GitHub's pages: numbered from 1, of at most 100 rows."""

    number: int
    size: int

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    def of(self, rows: Sequence[T]) -> list[T]:
        """Those of all rows that are on it."""
        return list(rows[self.start : self.start + self.size])


def page(query: Query) -> ApiPage:
    number = _number("page", query.get("page") or "1")
    size = min(_number("per_page", query.get("per_page") or str(USUAL_PAGE)), LARGEST_PAGE)
    if number * size > _MOST_ROWS:
        raise MalformedQuery(f"page={number}", "per_page × page cannot be greater than 10000", where="page")
    return ApiPage(number, size)


def login(request: ApiRequest, name: str) -> Login:
    """What cannot be a login is nobody's."""
    try:
        return Login.parse(request.path[name])
    except MalformedLogin:
        raise EntryUnknown("account", request.path[name]) from None


def number(request: ApiRequest, name: str, what: str) -> int:
    """An id in the address; what is no number names nothing."""
    text = request.path[name]
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise EntryUnknown(what, text)
    return int(text)


def repository(text: str) -> RepositoryName:
    """What cannot be a name is no repository."""
    try:
        return RepositoryName.parse(text)
    except MalformedName:
        raise RepositoryUnknown(text) from None


def text_in(body: Mapping[str, JsonValue], name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise MalformedField(name, f"{name} is a text" if name in body else f"{name} is missing")
    return value


def texts_in(body: Mapping[str, JsonValue], name: str) -> tuple[str, ...]:
    """A list of texts; none where it is not told."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise MalformedField(name, f"{name} is a list of texts")
    return tuple(str(entry) for entry in value)


def number_in(body: Mapping[str, JsonValue], name: str, default: int | None = None) -> int:
    """Written 90.0, it is the same number."""
    value = body.get(name, default)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedField(name, f"{name} is a whole number" if name in body else f"{name} is missing")
    return value


def truth_in(body: Mapping[str, JsonValue], name: str, *, default: bool) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise MalformedField(name, f"{name} is true or false")
    return value


def _number(name: str, text: str) -> int:
    value = _whole(name, text)
    if value < 1:
        raise MalformedField(text, f"{name} is a whole number, 1 or more")
    return value


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise MalformedField(text, f"{name} is a whole number of at most {MOST_DIGITS} digits")
    return int(text)
