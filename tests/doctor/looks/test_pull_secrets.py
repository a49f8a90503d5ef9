"""Who uses pull secrets, and who makes them."""

from wharf.doctor.checkout import Checkout
from wharf.doctor.history import History
from wharf.doctor.looks.pull_secrets import PullSecrets, pull_secrets_of
from wharf.formats.files import WrittenFiles


def secrets(content: str) -> PullSecrets:
    return Checkout(WrittenFiles({"k8s.yaml": content}), History()).once(pull_secrets_of)


POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec:\n  containers: [{name: a, image: b}]\n"


def test_a_pod_uses_the_secrets_that_it_names() -> None:
    assert ["ghcr"] == [each.secret.name.flat for each in secrets(POD + "  imagePullSecrets: [{name: ghcr}]\n").used]


def test_an_account_uses_secrets_for_the_pods_that_run_as_it() -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: bot, namespace: shop}\n"
    found = secrets(POD + "  serviceAccountName: bot\n---\n" + account + "imagePullSecrets: [{name: ghcr}]\n")
    assert [1] == [len(each.pods) for each in found.used]


def test_secrets_are_made_in_several_ways() -> None:
    plain = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\n"
    outside = "apiVersion: v1\nkind: ExternalSecret\nmetadata: {name: b}\nspec: {target: {name: c}}\n"
    assert ["a", "c"] == [each.name for each in secrets(plain + outside).made]
