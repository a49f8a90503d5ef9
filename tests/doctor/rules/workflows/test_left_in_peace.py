"""What looks odd in a workflow and is right."""

import pytest

from tests.doctor.repositories import GRAVE, checkout_of, examined, told
from wharf.doctor.finding import Severity
from wharf.formats.files import WrittenFiles

CI = ".github/workflows/ci.yml"
HEAD = "on: [push, workflow_dispatch]\njobs:\n  build:\n    runs-on: ubuntu-latest\n"


@pytest.mark.parametrize(
    "job",
    [
        "    if: ${{ !cancelled() }}\n    steps: [{run: a}]\n",
        "    if: |\n      github.ref == 'a' ||\n      github.ref == 'b'\n    steps: [{run: a}]\n",
        "    steps: [{run: 'a ${{ secrets[format(''{0}_TOKEN'', github.ref_name)] }}'}]\n",
        "    steps: [{id: x, run: a}, {if: always() && steps.x.outcome == 'failure', run: b}]\n",
        "    steps: [{run: 'a ${{ github.event.inputs.tag }}'}]\n",
        "    env: {PORT: 8080, RATIO: 1.5, NAME: 1.2.3, COMMIT: '0123456', ON: yes}\n    steps: [{run: a}]\n",
        "    steps: [{run: make action}, {uses: ./made-by-make}]\n",
        "    steps: [{uses: actions/checkout@v4, with: {repository: a/b, path: other}}, {uses: ./other/action}]\n",
        "    steps: [{run: a, background: true, id: b}, {wait: b}]\n",
        "    strategy: {matrix: {v: [18, 20]}}\n    steps: [{run: 'a ${{ matrix.v }}'}]\n",
        "    steps: [{run: 'a {{ github.ref }} $'}]\n",
        "    container: {image: a, credentials: {username: a, password: '${{ secrets.B }}'}}\n    steps: [{run: a}]\n",
        "    environment: {name: a, url: '${{ steps.x.outputs.url }}'}\n    steps: [{id: x, run: a}]\n",
    ],
)
def test_it_is_no_finding(job: str) -> None:
    grave = examined(checkout_of(WrittenFiles({CI: HEAD + job}))).of(*GRAVE)
    assert () == grave, told(grave)


def test_anchors_are_no_repetition() -> None:
    steps = "    steps: [{run: a}]\n"
    text = f"{HEAD}    env: &env {{A: b}}\n{steps}  more:\n    runs-on: x\n    env: *env\n{steps}"
    grave = examined(checkout_of(WrittenFiles({CI: text}))).of(*GRAVE)
    assert () == grave, told(grave)


def test_what_is_pushed_by_digest_is_not_only_latest() -> None:
    step = (
        "    steps:\n      - uses: docker/build-push-action@v6\n        with:\n"
        "          outputs: type=image,name=ghcr.io/acme/app,push-by-digest=true,push=true\n"
    )
    assert "only-latest" not in told(examined(checkout_of(WrittenFiles({CI: HEAD + step}))).of(*Severity))
