"""Which images a repository asks for in Kubernetes."""

from wharf.doctor.checkout import Checkout
from wharf.doctor.history import History
from wharf.doctor.looks.kubernetes import kubernetes_asked
from wharf.formats.files import WrittenFiles

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'acme/app:1'}]}\n"


def checkout(files: dict[str, str]) -> Checkout:
    return Checkout(WrittenFiles(files), History())


def asked(files: dict[str, str]) -> list[tuple[str, str]]:
    return [(each.reference.shown, each.by) for each in checkout(files).once(kubernetes_asked)]


def test_a_manifest_asks_as_it_stands() -> None:
    assert [("acme/app:1", "kubernetes")] == asked({"k8s/pod.yaml": POD})


def test_what_a_kustomization_takes_asks_as_it_makes_it() -> None:
    kustomization = "resources: [pod.yaml]\nimages: [{name: acme/app, newTag: '2'}]\n"
    assert [("acme/app:2", "kustomize")] == asked({"k8s/pod.yaml": POD, "k8s/kustomization.yaml": kustomization})


def test_only_the_kustomization_on_top_asks() -> None:
    files = {
        "base/pod.yaml": POD,
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "prod/kustomization.yaml": "resources: [../base]\nimages: [{name: acme/app, newTag: prod}]\n",
    }
    assert [("acme/app:prod", "kustomize")] == asked(files)


def test_a_chart_asks_with_its_values() -> None:
    files = {
        "chart/Chart.yaml": "name: app\nappVersion: '7'\n",
        "chart/values.yaml": "image: {repository: acme/app, tag: ''}\n",
        "chart/templates/pod.yaml": POD.replace(
            "'acme/app:1'", '"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'
        ),
    }
    assert [] == [each for each in asked(files) if each[1] != "helm"]


def test_a_placeholder_stays_open() -> None:
    assert [("acme/app:‹TAG›", "kubernetes")] == asked({"pod.yaml": POD.replace(":1'", ":${TAG}'")})


def test_an_image_that_is_never_pulled_is_not_asked_for() -> None:
    assert [] == asked({"pod.yaml": POD.replace("image:", "imagePullPolicy: Never, image:")})


def test_a_template_is_no_problem_and_a_broken_manifest_is() -> None:
    head = "apiVersion: v1\nkind: Pod\n"
    seen = checkout({"t.yaml": f"{head}a: {{{{ x }}}}: {{{{ y }}\n", "b.yaml": f"{head}\ta: 1\n"})
    assert () == seen.once(kubernetes_asked)
    assert ["b.yaml"] == [problem.file for problem in seen.problems]
