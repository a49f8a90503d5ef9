"""The catalogue: which repositories there are, as far as whoever asks may know of them.

Looked at are those that are public, and those below some owners, each by an index. The rest is not touched: how long it
takes tells nobody how much there is that they may not see.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from wharf.metadata.pulls import below
from wharf.metadata.records import ListedRepository
from wharf.metadata.session import Row, Session, Value
from wharf.oci.reference import RepositoryName

_BEHIND_ALL: Final = "\x7f"
# A repository whose last manifest was deleted is not listed: it is kept for its history alone.
_HAS_CONTENT = "EXISTS (SELECT 1 FROM manifests WHERE manifests.repository = repositories.id)"
_BETWEEN = f"SELECT name, is_public FROM repositories WHERE {{whose}}name >= ? AND name < ? AND {_HAS_CONTENT}"
_ORDER = " ORDER BY name LIMIT ?"
_ANYBODYS = _BETWEEN.format(whose="is_public = 1 AND ")
_OF_SPAN = _BETWEEN.format(whose="")
_IS_BEHIND = " AND name > ?"
_HOLDS = r" AND name LIKE ? ESCAPE '\'"
_ENDS_WITH = r" AND (name = ? OR name LIKE ? ESCAPE '\')"
_AS_IT_IS = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})

_MOST_OWNERS: Final = 500  # of more than so many everything is looked through

Span = tuple[str, str]


class Catalogue:
    """`owners`: below whom to look, besides what is public; None for all that there is."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(
        self, owners: Collection[str] | None, after: str, limit: int, words: Sequence[str] = ()
    ) -> list[ListedRepository]:
        """In the order of their names, behind one name; of those that hold all the words."""
        likes = [f"%{word.translate(_AS_IT_IS)}%" for word in words]
        further = _IS_BEHIND + _HOLDS * len(likes)
        return self._found(owners, (after, _BEHIND_ALL), further, (after, *likes), limit)

    def resembling(self, owners: Collection[str] | None, name: RepositoryName, limit: int) -> list[ListedRepository]:
        """Names that share their beginning or last segment with this one: where a slip of the pen is looked for."""
        start, last = str(name)[:2], str(name).rpartition("/")[2]
        alike = self._found(owners, (start, start + _BEHIND_ALL), "", (), limit)
        ending = (last, f"%/{last.translate(_AS_IT_IS)}")
        alike += self._found(owners, ("", _BEHIND_ALL), _ENDS_WITH, ending, limit)
        return list(dict.fromkeys(alike))

    def _found(
        self, owners: Collection[str] | None, within: Span, further: str, values: Sequence[Value], limit: int
    ) -> list[ListedRepository]:
        """Owners lie one behind the other, so no more of them are asked about than fill the list."""
        is_for_all = owners is None
        found = [] if is_for_all else self._session.rows(_ANYBODYS + further + _ORDER, *within, *values, limit)
        left = limit
        for span in _spans(owners, within):
            if left <= 0:
                break
            rows = self._session.rows(_OF_SPAN + further + _ORDER, *span, *values, left)
            found, left = found + rows, left - len(rows)
        return [_listed(row) for row in sorted(set(found))[:limit]]


def _spans(owners: Collection[str] | None, within: Span) -> Iterable[Span]:
    """In the order of the names in them, as far as they lie within."""
    if owners is None or len(owners) > _MOST_OWNERS:
        return [within]
    cut = ((max(low, within[0]), min(high, within[1])) for low, high in map(below, owners))
    return sorted((low, high) for low, high in cut if low < high)


def _listed(row: Row) -> ListedRepository:
    return ListedRepository(RepositoryName(row[0]), is_public=bool(row[1]))
