"""Of the causes of a failure at most one holds, whatever the world is like: found by trying what facts can be."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, product
from typing import Final

from tests.cases import each
from wharf.doctor.catalogue import known_failures
from wharf.doctor.facts import Expected, FactName, Facts, Known, Verdict
from wharf.doctor.probe import Kind, known_probes
from wharf.doctor.signature import Signature

MOST: Final = 4_000
FACTS: Final = {name: fact for probe in known_probes().all() for name, fact in probe.facts.items()}
SEVERAL: Final = {"checkout.rules", "login.granted", "disk.where", "config.helpers", "config.store", "github.scopes"}
"""Facts that are several words at once."""
World = dict[FactName, Known]

# Where the first is so, nobody finds out the others: there is nothing to look at.
HIDES: Final[Sequence[tuple[str, Sequence[object], Sequence[str]]]] = [
    ("proxy.used", [False], ["proxy.outcome"]),
    ("proxy.exempt", [True], ["proxy.outcome"]),
    ("proxy.malformed", [True], ["proxy.outcome"]),
    ("proxy.only_daemon_has_one", [True], ["proxy.outcome"]),
    ("proxy.only_shell_has_one", [True], ["proxy.exempt"]),
    ("dns.outcome", ["not-found", "no-answer"], ["tcp.outcome", "tls.speaks", "tls.outcome", "manifest.outcome"]),
    ("tcp.outcome", ["refused", "hung", "unreachable", "reset"], ["tls.speaks", "tls.outcome"]),
    ("login.credential", ["none", "refused", "expired"], ["login.granted"]),
    ("login.about_repository", [False], ["login.anonymous_pull"]),
    ("login.token", ["not-taken", "not-given"], ["login.granted", "login.nobody"]),
    ("login.nobody", ["cannot-ask"], ["login.credential", "login.granted", "login.token"]),
    ("api.outcome", ["refused"], ["login.credential", "login.granted"]),
    ("manifest.outcome", ["repository-unknown", "tag-unknown"], ["manifest.kind", "platforms.attestations"]),
    ("dind.resolves", [False], ["dind.speaks", "dind.speaks_on_other_port"]),
    ("gitlab.runner_config", ["absent", "unreadable", "not-toml"], ["gitlab.runner_restricts"]),
    (
        "message.names_image",
        [False],
        ["manifest.outcome", "manifest.accepts", "manifest.child_missing", "tags.near", "tags.any", "tags.latest"],
    ),
    ("machine.ci", ["none", "gitlab", "jenkins", "other"], ["github.job_may_write"]),
    ("checkout.present", [False], ["checkout.rules"]),
    ("desktop.installed", [False], ["desktop.running"]),
    ("config.home_missing", [True], ["config.folder_is_file"]),
    ("github.api", ["not-asked", "unreachable", "refuses-token"], ["github.scopes"]),
    ("github.package", ["absent"], ["github.package_linked"]),
    ("command-line.subcommand", ["build", "buildx"], ["entrypoint.form", "platforms.fits"]),
    *(("login.registry", [other], ["github.single_sign_on"]) for other in ("docker-hub", "acr", "gitlab", "other")),
]
# What cannot be at the same time.
NEVER: Final[Sequence[Mapping[str, object]]] = [
    {"manifest.outcome": "tag-unknown", "manifest.anonymous": "present"},
    {"manifest.outcome": "repository-unknown", "manifest.anonymous": "present"},
    {"manifest.outcome": "repository-unknown", "manifest.anonymous": "denied"},
    {"login.credential": "none", "login.anonymous_pull": False, "manifest.outcome": "present"},
    {"tls.authority_expired": True, "tls.outcome": "not-yet-valid"},
    {"dns.outcome": "not-found", "tcp.outcome": "open"},
    {"engine.client_too_old": True, "engine.client_too_new": True},
]
# Two failures at once, each of which would do: then both are told, and both are true.
BOTH_ARE_TRUE: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    # A token without the scope that was not authorised either; a public package, which such a token may read.
    "access-forbidden": [("token-scopes", "single-sign-on"), ("may-only-read", "single-sign-on")],
    # docker's helper gives nothing, and another program's file has a login for the same registry.
    "authentication-required": [
        (helper, other)
        for helper in ("helper-gives-none", "helper-has-none")
        for other in ("refused-or-expired", "not-entitled", "entitled-here")
    ]
    # A registry that lets nobody in, whatever is wrong here besides.
    + [
        (here, there)
        for here in (
            "refused-or-expired",
            "other-account-is-logged-in",
            "key-of-another-form",
            "entry-is-empty",
            "helper-gives-none",
            "helper-has-none",
        )
        for there in ("token-not-accepted", "token-service-gives-none", "no-way-to-log-in")
    ],
    "daemon-does-not-start": [
        ("config-malformed", "config-conflicts"),
        ("config-malformed", "disk-full"),
        ("config-conflicts", "disk-full"),
    ],
    # A job in a container of GitLab's runner on the machine of another CI.
    "dind-not-privileged": [("runner-not-privileged", "container-not-privileged")],
    "ecr-login-bad-request": [("pipe-of-powershell-5", "wrong-host"), ("pipe-of-powershell-5", "wrong-region")],
    "engine-name-unknown": [
        ("service-has-another-alias", "no-service-declared"),  # of two jobs
        ("service-died-without-privileges", "docker-host-names-a-stranger"),  # looked at from the runner's machine
    ],
    # A job that sends a person's token has rights of its own, which do not count then.
    "ghcr-write-package-denied": [
        ("job-may-not-write", "token-may-only-read"),
        ("package-not-linked", "token-may-only-read"),
        ("name-of-another-owner", "token-may-only-read"),
    ],
    # The runner's settings, and a service that another one started.
    "gitlab-service-not-started": [("dind-without-privileges", "service-answers")],
    # Interop is off or forbids the one, and the helper is a script that lacks its interpreter as well.
    "helper-not-executable-here": [("interop-off", "interpreter-missing"), ("program-blocked", "interpreter-missing")],
    # A wrong pull secret stops the pull of an image that anybody may have, or that is not there at all.
    "image-not-pulled-by-kubelet": [
        ("secret-refused", "image-not-there"),
        ("secret-refused", "way-of-the-node"),
        ("secret-refused", "other-platform"),
    ],
    "image-updater-cannot-read": [("no-login-for-tags", "nothing-pushed")],
    "keychain-item-exists": [("item-of-another-program", "logins-at-the-same-time")],
    "login-refused": [
        ("no-registry-named", "secret-empty"),
        ("no-registry-named", "nobody-logged-in"),
        ("secret-empty", "nobody-logged-in"),
        ("stray-line-end", "stale-on-public-image"),
    ],
    "login-without-terminal": [("secret-empty", "no-password-given")],
}


@each("signature", [known for known in known_failures() if len(known.causes) > 1], ids=lambda one: one.id)
def test_at_most_one_cause_holds(signature: Signature) -> None:
    allowed = {frozenset(pair) for pair in BOTH_ARE_TRUE.get(signature.id, ())}
    found: dict[frozenset[str], World] = {}
    for world in worlds(signature):
        holding = [cause.id for cause in signature.causes if cause.when.verdict(Facts(world)) is Verdict.HOLDS]
        for pair in combinations(holding, 2):
            found.setdefault(frozenset(pair), world)
    assert {} == {tuple(sorted(pair)): world for pair, world in found.items() if pair not in allowed}


def test_what_may_be_true_at_once_is_that_of_causes_there_are() -> None:
    there = {str(each.id): {str(cause.id) for cause in each.causes} for each in known_failures()}
    assert all({*pair} <= there[signature] for signature, pairs in BOTH_ARE_TRUE.items() for pair in pairs)


def worlds(signature: Signature) -> Iterator[World]:
    """Each combination of values that some cause tells apart; of very many, some thousands by chance."""
    asked: dict[FactName, list[Expected]] = defaultdict(list)
    for cause in signature.causes:
        for expected in cause.when.all_of + cause.when.none_of:
            asked[expected.fact].append(expected)
    choices = [told_apart(values_of(fact, each), each) for fact, each in asked.items()]
    for values in islice(some(choices), MOST):
        if (world := as_it_can_be(dict(zip(asked, values, strict=True)))) is not None:
            yield world


def some(choices: Sequence[Sequence[Known]]) -> Iterator[tuple[Known, ...]]:
    size = 1
    for choice in choices:
        size *= len(choice)
    if size <= MOST:
        return product(*choices)
    chance = random.Random(5)
    return (tuple(chance.choice(choice) for choice in choices) for _ in range(MOST))


def values_of(name: FactName, asked: Sequence[Expected]) -> list[Known]:
    fact, named = FACTS[name], frozenset(chain.from_iterable(each.values for each in asked))
    if name in SEVERAL:
        words = sorted(map(str, fact.words or named))
        return [frozenset(each) for count in range(3) for each in combinations(words, count)]
    if fact.kind is Kind.YES_OR_NO:
        return [True, False]
    return (
        [*sorted(fact.words)] if fact.words else [*sorted(named, key=str), "another" if fact.kind is Kind.TEXT else -1]
    )


def told_apart(values: Sequence[Known], asked: Sequence[Expected]) -> list[Known]:
    kinds: dict[tuple[Verdict, ...], Known] = {}
    for value in values:
        if not (isinstance(value, frozenset) and "nothing" in value and len(value) > 1):
            kinds.setdefault(tuple(each.verdict(Facts({each.fact: value})) for each in asked), value)
    return list(kinds.values())


def as_it_can_be(world: World) -> World | None:
    if any(all(world.get(FactName(fact)) == value for fact, value in never.items()) for never in NEVER):
        return None
    hidden = {FactName(one) for fact, so, facts in HIDES if world.get(FactName(fact)) in so for one in facts}
    return {fact: value for fact, value in world.items() if fact not in hidden}
