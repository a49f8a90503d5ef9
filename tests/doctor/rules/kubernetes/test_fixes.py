"""What the fixes of rules about Kubernetes make of a file."""

from wharf.doctor.checkout import Checkout
from wharf.doctor.edits import changes_by
from wharf.doctor.history import History
from wharf.doctor.rule import Rule
from wharf.doctor.rules.kubernetes.image_updater_alias_unknown import RULE as ALIAS_UNKNOWN
from wharf.doctor.rules.kubernetes.numeric_tag_unquoted import RULE as NUMERIC_TAG
from wharf.doctor.rules.kubernetes.pull_secret_misplaced import RULE as MISPLACED
from wharf.doctor.rules.kubernetes.pull_secret_without_name import RULE as WITHOUT_NAME
from wharf.formats.files import WrittenFiles


def mended(rule: Rule, content: str, path: str = "k8s.yaml", **others: str) -> str:
    files = WrittenFiles({path: content, **{name.replace("_", "."): text for name, text in others.items()}})
    findings = list(rule.check(Checkout(files, History())))
    (change,) = changes_by([finding.fixes[0] for finding in findings], files)
    return change.after


def test_pull_secrets_are_moved_to_the_pods_with_their_indentation() -> None:
    before = """apiVersion: apps/v1
kind: Deployment
spec:
  imagePullSecrets:
    - name: ghcr # of the team
  template:
    spec:
      containers: []
"""
    after = """apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      imagePullSecrets:
        - name: ghcr # of the team
      containers: []
"""
    assert after == mended(MISPLACED, before)


def test_pull_secrets_that_the_pods_have_already_are_not_moved() -> None:
    content = """apiVersion: apps/v1
kind: Deployment
spec:
  imagePullSecrets: [{name: a}]
  template: {spec: {imagePullSecrets: [{name: b}]}}
"""
    (finding,) = MISPLACED.check(Checkout(WrittenFiles({"k8s.yaml": content}), History()))
    assert () == finding.fixes


def test_a_pull_secret_gets_its_key() -> None:
    head = "apiVersion: v1\nkind: Pod\nspec:\n  imagePullSecrets:\n"
    assert f"{head}    - name: ghcr\n" == mended(WITHOUT_NAME, f"{head}    - ghcr\n")


def test_a_number_gets_quotes() -> None:
    kustomization = "images:\n  - name: app\n    newTag: 553640e6 # short\n"
    after = 'images:\n  - name: app\n    newTag: "553640e6" # short\n'
    assert after == mended(NUMERIC_TAG, kustomization, "kustomization.yaml")


def test_a_setting_gets_the_alias_that_is_meant() -> None:
    prefix = "argocd-image-updater.argoproj.io/"
    head = f"apiVersion: v1\nkind: Application\nmetadata:\n  annotations:\n    {prefix}image-list: web=a/b\n"
    assert f"{head}    {prefix}web.allow-tags: any\n" == mended(
        ALIAS_UNKNOWN, f"{head}    {prefix}wbe.allow-tags: any\n"
    )
