"""What is worked out when it is asked for, and then kept.

`functools.cached_property` does the same, and before Python 3.12 it takes a lock each time, which costs more
than most of what is worked out here.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Once(Generic[Made]):
    """Stands over a method, as `property` does. It is not asked again: what it made stands before it."""

    def __init__(self, make: Callable[..., Made]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, instance: object, owner: type) -> Made:
        made = instance.__dict__[self._name] = self._make(instance)
        return made
