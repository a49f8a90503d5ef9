"""What is said of clouds has been said in Korean as well, and nothing else has."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from tests.cases import each
from wharf.client.clouds.cloud import Advice
from wharf.client.clouds.known import CLOUDS, advice_on
from wharf.client.clouds.plain import PLAIN
from wharf.client.clouds.shape import Kind, SecretShape, shape_of
from wharf.credentials.secret import Secret
from wharf.doctor.language import Language, Words
from wharf.doctor.phrases import Phrases, cloud_phrases

PHRASES = cloud_phrases()
REGISTRIES = {
    "docker.io", "ghcr.io", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "public.ecr.aws", "gitlab.example",
    "europe-docker.pkg.dev", "name.azurecr.io", "quay.io", "registry.example",
}  # fmt: skip
USERS = (
    "", "AWS", "name", "Name", "a@b.example", "a:b", " a ", "_json_key", "oauth2accesstoken", "gitlab-ci-token", "$x",
    "oauthtoken", "+a", "a+B!", "a+b", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
BY_THE_LOGIN = {
    "often: the access token is older than an hour",
    "nothing was stored; a credential that was there stays",
    "get a credential: a user name and a password or token that the registry's operator gives out",
}
_hangul = re.compile("[가-힣]")
_polite = re.compile(r"(니다|십시오)(?:\([^)]*\))?(?:: .*)?$")
# Commands, options and settings are the same in every language.
_is_command = re.compile(r"(--[a-z]|wharf login |aws |gcloud |gh auth |permissions: ).*").fullmatch


def shapes() -> Iterator[SecretShape]:
    plain = shape_of(Secret("x" * 30))
    yield shape_of(Secret(""))
    for kind in Kind:
        yield replace(plain, kind=kind)
    yield replace(plain, lines=2)
    yield replace(plain, padded=True)


def every_advice() -> Iterator[Advice]:
    for registry, username, shape in product(sorted(REGISTRIES), USERS, shapes()):
        yield from advice_on(registry, username, shape)


def every_text() -> frozenset[str]:
    texts = set(BY_THE_LOGIN)
    for advice in every_advice():
        texts |= {advice.cause, advice.next_step}
    for cloud in (*CLOUDS, PLAIN):
        texts |= {*cloud.ways_in, *cloud.usual_mistakes, *(cloud.lifetime_of(shape).words for shape in shapes())}
    return frozenset(texts) - {""}


TEXTS = every_text()


@each("text", sorted(text for text in TEXTS if not _is_command(text)))
def test_everything_is_said_in_korean(text: str) -> None:
    said = PHRASES.said(text, Language.KOREAN)
    assert _hangul.search(said)
    assert _polite.search(said)
    assert "{" not in said.replace("${{", "")


@each("text", sorted(filter(_is_command, TEXTS)))
def test_commands_are_the_same_in_every_language(text: str) -> None:
    assert text == PHRASES.said(text, Language.KOREAN)


@each("text", sorted(TEXTS))
def test_english_is_what_it_was(text: str) -> None:
    assert text == PHRASES.said(text, Language.ENGLISH)


def test_no_phrase_is_there_that_nobody_says() -> None:
    kinds = {kind.value for kind in Kind}
    unsaid = [words for words in PHRASES.all if not any(Phrases([words]).said(text, Language.KOREAN) != text
              for text in TEXTS | kinds)]  # fmt: skip
    assert [] == unsaid


def test_names_are_carried_over_and_said_in_korean_where_they_are_known() -> None:
    phrases = Phrases([Words("this is {kind}, of {name}", "{name}의 {kind}입니다"), Words("a key", "키")])
    assert "ACME의 키입니다" == phrases.said("this is a key, of ACME", Language.KOREAN)


def test_what_a_name_holds_cannot_become_another_name() -> None:
    phrases = Phrases([Words("{one} and {two}", "{two}, {one}")])
    assert "x, {two}" == phrases.said("{two} and x", Language.KOREAN)


def test_what_nobody_has_translated_stays() -> None:
    assert "something new" == PHRASES.said("something new", Language.KOREAN)


@each("words", PHRASES.all, ids=lambda words: words.english[:40])
def test_the_same_names_stand_on_both_sides(words: Words) -> None:
    names = re.compile(r"\{[a-z]+\}")
    assert sorted(names.findall(words.english)) == sorted(names.findall(words.korean))
    assert not _hangul.search(words.english)
