"""Names of registries as people write them."""

import click
import pytest

from tests.client.tokens import written
from wharf.cli.registry_name import HOST, registry_in
from wharf.errors import MalformedReference


@pytest.mark.parametrize(
    ("text", "registry"),
    [
        ("GHCR.io", "ghcr.io"),
        ("HTTPS://ghcr.io/", "ghcr.io"),
        ("http://localhost:5000/v2/", "localhost:5000"),
        (" [::1]:5000 ", "[::1]:5000"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("Registry-1.docker.io", "docker.io"),
        ("https://ghcr.io/?token=sesame#x", "ghcr.io"),
    ],
)
def test_an_address_in_any_case_stands_for_its_registry(text: str, registry: str) -> None:
    assert registry == registry_in(text)


@pytest.mark.parametrize("text", ["", "https://", "host:", "a..b", "dócker.io", "x\x1b[2J", "[fe80::1%eth0]", "a b"])
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(MalformedReference):
        registry_in(text)


@pytest.mark.parametrize(
    "text", ["ghp_" + "a1" * 18, "glpat-" + "b2" * 10, "dckr_pat_c3", "AKIA" + "D4" * 8, written(sub="ada"),
             "https://ghcr.io/team?token=sesame", "https://ada:sesame@ghcr.io"]
)  # fmt: skip
def test_a_secret_in_the_place_of_a_registry_is_not_repeated(text: str) -> None:
    with pytest.raises(MalformedReference) as caught:
        registry_in(text)
    told = str(caught.value.diagnostics()).lower()
    assert [] == [secret for secret in (text.lower(), "sesame") if secret in told]


@pytest.mark.parametrize(
    ("text", "host"),
    [("HTTP://Reg.example:5000/", "reg.example:5000"), ("[::1]", "[::1]"), ("registry-1.docker.io",) * 2],
)
def test_who_is_insecure_is_named_as_one_likes(text: str, host: str) -> None:
    assert host == HOST.convert(text, None, None)


def test_who_is_insecure_is_named_rightly() -> None:
    with pytest.raises((MalformedReference, click.ClickException)):
        HOST.convert("*", None, None)
