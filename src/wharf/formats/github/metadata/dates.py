"""Points in time, written as the action is told to: `YYYYMMDD`, `YYYY-MM-DD[T]HHmmss`, in a zone of the tz database.

The letters are those of Moment in its English. Anything else stands for itself; `[…]` and a backslash keep letters as
they are.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from wharf.formats.github.metadata.javascript import written

_ISO: Final = "YYYY-MM-DDTHH:mm:ssZ"
_ISO_UTC: Final = "YYYY-MM-DDTHH:mm:ss[Z]"
_FIRST_MONTHS: Final = ("January", "February", "March", "April", "May", "June")
_LAST_MONTHS: Final = ("July", "August", "September", "October", "November", "December")
_MONTHS: Final = (*_FIRST_MONTHS, *_LAST_MONTHS)
_DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_LONG: Final = {
    "LT": "h:mm A",
    "LTS": "h:mm:ss A",
    "L": "MM/DD/YYYY",
    "LL": "MMMM D, YYYY",
    "LLL": "MMMM D, YYYY h:mm A",
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
    "l": "M/D/YYYY",
    "ll": "MMM D, YYYY",
    "lll": "MMM D, YYYY h:mm A",
    "llll": "ddd, MMM D, YYYY h:mm A",
}
_long = re.compile(r"(\[[^\[]*\])|(\\)?(LTS|LT|LL?L?L?|l{1,4})")
_letters = re.compile(
    r"(\[[^\[]*\])|(\\)?([Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[o|w]?|W[o|W]?|Qo?|N{1,5}|YYYYYY|YYYYY"
    r"|YYYY|YY|y{2,4}|yo?|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|[^\n\r\u2028\u2029])"
)
_MOST_EXPANSIONS: Final = 5
_LEFT_OUT: Final = timezone(timedelta(), "")
"""The machines of GitHub keep UTC; only the name of the zone is missing then."""


def zone(name: str) -> tzinfo | None:
    """Capitals do not matter. One that nobody knows is left out; None, if no zones are known on this machine."""
    if name.upper() in {"UTC", "ETC/UTC"}:
        return UTC
    if (found := _zone(name)) is not None:
        return found
    known = _zones()
    if not known:
        return None
    return (_zone(known[name.lower()]) if name.lower() in known else None) or _LEFT_OUT


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def _zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def formatted(moment: datetime, form: str) -> str:
    if not form:
        form = _ISO_UTC if not moment.utcoffset() and moment.tzname() else _ISO
    for _ in range(_MOST_EXPANSIONS + 1):
        if not _long.search(form):
            break
        form = _long.sub(lambda match: _LONG.get(match[0], match[0]), form)
    return "".join(_token(moment, match[0]) for match in _letters.finditer(form))


def _token(moment: datetime, token: str) -> str:
    if token in _SAID:
        return _SAID[token](moment)
    if token.startswith("[") and len(token) > 1:
        return re.sub(r"^\[|\]$", "", token)
    return token.replace("\\", "")


def _ordinal(value: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th") if value % 100 // 10 != 1 else "th"
    return f"{value}{ending}"


def _weekday(moment: datetime) -> int:
    """Sunday is 0."""
    return moment.isoweekday() % 7


def _day_of_year(moment: datetime) -> int:
    return moment.timetuple().tm_yday


def _local_week(moment: datetime) -> tuple[int, int]:
    """The year and the week that begins on Sunday; the first one has the first of January."""
    saturday = moment + timedelta(days=6 - _weekday(moment))
    return saturday.year, (_day_of_year(saturday) - 1) // 7 + 1


def _offset(moment: datetime, between: str) -> str:
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60:02}{between}{minutes % 60:02}"


def _hour(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp() // 1)


def _milliseconds(moment: datetime) -> int:
    return _seconds(moment) * 1000 + moment.microsecond // 1000


def _abbreviation(moment: datetime) -> str:
    return moment.tzname() or ""


def _fraction(digits: int) -> Callable[[datetime], str]:
    return lambda moment: f"{moment.microsecond // 1000:03}"[:digits].ljust(digits, "0")


_SAID: Final[Mapping[str, Callable[[datetime], str]]] = {
    "M": lambda t: str(t.month),
    "Mo": lambda t: _ordinal(t.month),
    "MM": lambda t: f"{t.month:02}",
    "MMM": lambda t: _MONTHS[t.month - 1][:3],
    "MMMM": lambda t: _MONTHS[t.month - 1],
    "D": lambda t: str(t.day),
    "Do": lambda t: _ordinal(t.day),
    "DD": lambda t: f"{t.day:02}",
    "DDD": lambda t: str(_day_of_year(t)),
    "DDDo": lambda t: _ordinal(_day_of_year(t)),
    "DDDD": lambda t: f"{_day_of_year(t):03}",
    "d": lambda t: str(_weekday(t)),
    "do": lambda t: _ordinal(_weekday(t)),
    "dd": lambda t: _DAYS[_weekday(t)][:2],
    "ddd": lambda t: _DAYS[_weekday(t)][:3],
    "dddd": lambda t: _DAYS[_weekday(t)],
    "e": lambda t: str(_weekday(t)),
    "E": lambda t: str(t.isoweekday()),
    "w": lambda t: str(_local_week(t)[1]),
    "wo": lambda t: _ordinal(_local_week(t)[1]),
    "ww": lambda t: f"{_local_week(t)[1]:02}",
    "W": lambda t: str(t.isocalendar().week),
    "Wo": lambda t: _ordinal(t.isocalendar().week),
    "WW": lambda t: f"{t.isocalendar().week:02}",
    "gg": lambda t: f"{_local_week(t)[0] % 100:02}",
    "gggg": lambda t: f"{_local_week(t)[0]:04}",
    "ggggg": lambda t: f"{_local_week(t)[0]:05}",
    "GG": lambda t: f"{t.isocalendar().year % 100:02}",
    "GGGG": lambda t: f"{t.isocalendar().year:04}",
    "GGGGG": lambda t: f"{t.isocalendar().year:05}",
    "Q": lambda t: str((t.month + 2) // 3),
    "Qo": lambda t: _ordinal((t.month + 2) // 3),
    "N": lambda _: "AD",
    "NN": lambda _: "AD",
    "NNN": lambda _: "AD",
    "NNNN": lambda _: "Anno Domini",
    "NNNNN": lambda _: "AD",
    "YY": lambda t: f"{t.year % 100:02}",
    "YYYY": lambda t: f"{t.year:04}",
    "YYYYY": lambda t: f"{t.year:05}",
    "YYYYYY": lambda t: f"+{t.year:06}",
    "Y": lambda t: f"{t.year:04}",
    "y": lambda t: str(t.year),
    "yo": lambda t: _ordinal(t.year),
    "yy": lambda t: f"{t.year:02}",
    "yyy": lambda t: f"{t.year:03}",
    "yyyy": lambda t: f"{t.year:04}",
    "a": lambda t: "am" if t.hour < 12 else "pm",
    "A": lambda t: "AM" if t.hour < 12 else "PM",
    "H": lambda t: str(t.hour),
    "HH": lambda t: f"{t.hour:02}",
    "h": lambda t: str(_hour(t)),
    "hh": lambda t: f"{_hour(t):02}",
    "k": lambda t: str(t.hour or 24),
    "kk": lambda t: f"{t.hour or 24:02}",
    "Hmm": lambda t: f"{t.hour}{t.minute:02}",
    "Hmmss": lambda t: f"{t.hour}{t.minute:02}{t.second:02}",
    "hmm": lambda t: f"{_hour(t)}{t.minute:02}",
    "hmmss": lambda t: f"{_hour(t)}{t.minute:02}{t.second:02}",
    "m": lambda t: str(t.minute),
    "mm": lambda t: f"{t.minute:02}",
    "s": lambda t: str(t.second),
    "ss": lambda t: f"{t.second:02}",
    "x": lambda t: written(_milliseconds(t)),
    "X": lambda t: written(_seconds(t)),
    "z": _abbreviation,
    "zz": _abbreviation,
    "Z": lambda t: _offset(t, ":"),
    "ZZ": lambda t: _offset(t, ""),
} | {"S" * digits: _fraction(digits) for digits in range(1, 10)}
