"""The links between the pages of a list, in the header Link, as GitHub writes them and its clients follow them."""

from urllib.parse import quote, urlencode

from wharf.registry.http.api.operation import ApiRequest
from wharf.registry.http.api.parameters import ApiPage
from wharf.registry.http.message import Headers, headers


def linked(request: ApiRequest, page: ApiPage, total: int) -> Headers:
    """`total`: the rows on all pages. A list that fits on one page has no links."""
    last = max(1, -(-total // page.size))
    numbers = {"prev": min(page.number - 1, last), "next": page.number + 1, "last": last, "first": 1}
    wanted = [
        (relation, number)
        for relation, number in numbers.items()
        if 1 <= number <= last and not (relation in {"first", "prev"} and page.number == 1)
        if not (relation == "last" and page.number >= last)
    ]
    if not wanted:
        return ()
    links = (f'<{_address(request, number)}>; rel="{relation}"' for relation, number in wanted)
    return headers(((b"link", ", ".join(links)),))


def _address(request: ApiRequest, number: int) -> str:
    others = [(name, value) for name, value in request.query.pairs if name != "page"]
    query = urlencode([*others, ("page", str(number))], quote_via=quote)
    path = request.wire.raw_path.decode("latin-1") or quote(request.wire.path)
    return f"{request.base}{path}?{query}"
