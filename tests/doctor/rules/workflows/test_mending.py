"""What the rules about workflows offer as a mend: carried out, it leaves nothing to find."""

import pytest

from tests.doctor.repositories import GRAVE, checkout_of, examined
from wharf.doctor.edits import edited
from wharf.doctor.examine import Found
from wharf.formats.files import WrittenFiles

CI = ".github/workflows/ci.yml"
HEAD = "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n"


def found_in(files: dict[str, str]) -> list[Found]:
    return list(examined(checkout_of(WrittenFiles(files))).of(*GRAVE))


def mended(text: str, others: dict[str, str] | None = None) -> str:
    """By the first fix of the only thing that is wrong."""
    (only,) = found_in({CI: text, **(others or {})})
    return edited(text, only.finding.fixes[0].edits)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('    if: github.ref == "refs/heads/main"\n', "    if: github.ref == 'refs/heads/main'\n"),
        ("    if: startWith(github.ref, 'a')\n", "    if: startsWith(github.ref, 'a')\n"),
        ("    if: ${{ github.ref }} == 'a'\n", "    if: github.ref == 'a'\n"),
        (
            "    if: ${{ github.ref }} == 'a' && ${{ vars.A || vars.B }}\n",
            "    if: github.ref == 'a' && (vars.A || vars.B)\n",
        ),
        ("    env: {VERSION: 1.10}\n", '    env: {VERSION: "1.10"}\n'),
        ("    env: {COMMIT: 1234567e1}\n", '    env: {COMMIT: "1234567e1"}\n'),
        ("    timeout-minute: 5\n", "    timeout-minutes: 5\n"),
    ],
)
def test_a_job_is_mended_in_one_place(wrong: str, right: str) -> None:
    steps = "    steps: [{run: make}]\n"
    assert HEAD + right + steps == mended(HEAD + wrong + steps)
    assert [] == found_in({CI: HEAD + right + steps})


def test_a_job_is_needed_by_its_name() -> None:
    text = f"{HEAD}    steps: [{{run: a}}]\n  deploy:\n    needs: [biuld]\n    runs-on: x\n    steps: [{{run: b}}]\n"
    assert text.replace("biuld", "build") == mended(text)


def test_a_step_is_asked_by_its_id() -> None:
    text = HEAD + "    steps:\n      - {id: tags, run: a}\n      - {run: 'x ${{ steps.tag.outputs.a }}'}\n"
    assert text.replace("steps.tag.", "steps.tags.") == mended(text)


def test_an_output_is_asked_by_its_name() -> None:
    text = (
        HEAD + "    outputs: {image-tag: a}\n    steps: [{run: a}]\n  deploy:\n    needs: build\n    runs-on: x\n"
        "    steps: [{run: 'x ${{ needs.build.outputs.imagetag }}'}]\n"
    )
    assert text.replace("imagetag", "image-tag") == mended(text)


def test_a_workflow_is_called_by_its_path() -> None:
    text = "on: push\njobs: {a: {uses: ./.github/workflows/put.yml@main}}\n"
    put = "on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n"
    assert text.replace("@main", "") == mended(text, {".github/workflows/put.yml": put})


def test_inputs_are_given_by_their_names() -> None:
    text = "on: push\njobs: {a: {uses: ./.github/workflows/put.yml, with: {tags: b}}}\n"
    put = "on: {workflow_call: {inputs: {tag: {type: string}}}}\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n"
    assert text.replace("tags:", "tag:") == mended(text, {".github/workflows/put.yml": put})


def test_only_what_cannot_go_wrong_is_safe() -> None:
    (number,) = found_in({CI: f"{HEAD}    env: {{VERSION: 1.10}}\n    steps: [{{run: a}}]\n"})
    (key,) = found_in({CI: f"{HEAD}    timeout-minute: 5\n    steps: [{{run: a}}]\n"})
    assert [True, False] == [each.finding.fixes[0].is_safe for each in (number, key)]
