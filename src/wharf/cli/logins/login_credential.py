"""Where the credential of a login comes from: what a person gives, or what a cloud gives for another proof."""

import asyncio

from wharf.cli.logins.account_errand import AccountErrand
from wharf.cli.logins.native_words import in_own_language
from wharf.cli.logins.typed_credential import Given, Typed, typed_credential
from wharf.client.clouds.acr import exchange_entra_token
from wharf.client.clouds.cloud import Weight
from wharf.client.clouds.ecr import Place, place_of
from wharf.client.clouds.known import advice_on, cloud_of
from wharf.client.clouds.obtained import Obtained
from wharf.client.clouds.shape import Kind
from wharf.client.login.asking import Sender, answered
from wharf.credentials.credential import Password
from wharf.errors import LoginImpossible


def asked_for(errand: AccountErrand, registry: str, given: Given) -> Typed | Place:
    """In the main thread, so that Ctrl-C at the prompt gives the terminal back as it was.

    Without a word about who one is, Amazon's registries are entered with the AWS credentials of this machine.
    """
    place = place_of(registry)
    if place is not None and given.nothing:
        return place
    typed = typed_credential(errand.surroundings, cloud_of(registry), given)
    _advise(errand, registry, typed)
    return typed


async def obtained(registry: str, asked: Typed | Place, sender: Sender) -> Obtained:
    if isinstance(asked, Place):
        return await asyncio.to_thread(_from_aws, registry, asked)
    if asked.shape.kind is Kind.ENTRA_ACCESS and asked.shape.claims is not None:
        return await answered(exchange_entra_token(registry, asked.secret, asked.shape.claims.tenant), sender)
    return Obtained(Password(asked.username, asked.secret), expires=asked.shape.expires)


def _from_aws(registry: str, place: Place) -> Obtained:
    from wharf.client.clouds.aws import ask_aws  # noqa: PLC0415 - start-up time: few need it

    return ask_aws(registry, place)


def _advise(errand: AccountErrand, registry: str, typed: Typed) -> None:
    """What is certain to fail is not sent: it may be a secret of somebody else's house."""
    environ = errand.surroundings.environ
    advice = advice_on(registry, typed.username, typed.shape)
    for each in advice:
        if each.weight is Weight.CERTAIN:
            step = each.next_step or cloud_of(registry).ways_in[0]
            raise LoginImpossible(in_own_language(each.cause, environ), in_own_language(step, environ))
    for each in advice:
        said = (in_own_language(part, environ) for part in (each.cause, each.next_step) if part)
        errand.output.warn("; ".join(said))
