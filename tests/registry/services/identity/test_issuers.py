import asyncio
from collections.abc import Iterator

import pytest

from tests.oidc_issuer import DISCOVERY, IssuersKey, OidcIssuer, oidc_issuer
from tests.registry.conftest import HandClock
from wharf.registry.services.identity.issuers import DocumentsOverHttp, Issuers, IssuerSilent, is_safe


@pytest.fixture
def issuer() -> Iterator[OidcIssuer]:
    with oidc_issuer() as made:
        yield made


def test_an_issuer_that_trickles_is_not_waited_for(issuer: OidcIssuer) -> None:
    """Whichever bound is noticed first: of the whole, or, where the machine stood still, of a single byte."""
    issuer.pause = 0.05
    with pytest.raises(IssuerSilent, match=r"too slowly|too long|timed out"):
        asyncio.run(DocumentsOverHttp(seconds=0.2).fetch(issuer.url + DISCOVERY))


def test_an_issuer_that_says_nothing_is_not_waited_for(issuer: OidcIssuer) -> None:
    issuer.pause = 5
    with pytest.raises(IssuerSilent):
        asyncio.run(DocumentsOverHttp(seconds=0.2).fetch(issuer.url + DISCOVERY))


def test_a_document_that_does_not_end_is_not_read(issuer: OidcIssuer) -> None:
    issuer.documents[DISCOVERY] = b"x" * 5000
    with pytest.raises(IssuerSilent, match="too large"):
        asyncio.run(DocumentsOverHttp(limit=1000).fetch(issuer.url + DISCOVERY))


def test_nobody_there_is_an_issuer_that_is_silent() -> None:
    with pytest.raises(IssuerSilent):
        asyncio.run(DocumentsOverHttp().fetch("http://127.0.0.1:1/"))


def test_keys_that_were_learned_by_a_clock_that_was_set_back_are_asked_for_again(
    issuer: OidcIssuer, clock: HandClock
) -> None:
    issuers = Issuers(DocumentsOverHttp(), clock)

    async def story() -> None:
        before = await issuers.keys(issuer.url, None)
        issuer.keys = [IssuersKey.new("second")]
        clock.move(-7 * 86_400)
        assert before != await issuers.keys(issuer.url, None)

    asyncio.run(story())


@pytest.mark.parametrize(
    "url", ["https://a.example", "https://a.example/path", "http://127.0.0.1:9", "http://localhost"]
)
def test_addresses_that_may_be_asked(url: str) -> None:
    assert is_safe(url)


@pytest.mark.parametrize(
    "url",
    ["http://a.example", "file:///etc/passwd", "https://", "https://u@a.example", "https://a b", "https://[", "", "x"],
)
def test_addresses_that_may_not(url: str) -> None:
    assert not is_safe(url)
