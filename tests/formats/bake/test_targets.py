from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedFile
from wharf.formats.bake.targets import Bake, read_bake
from wharf.formats.hole import Unknown
from wharf.formats.text import Text

_HCL = """
# what is built
variable "TAG" {
  default = "latest"
}
variable "REGISTRY" { default = "ghcr.io/acme" }

function "image" {
  params = [name]
  result = "${REGISTRY}/${lower(name)}:${TAG}"
}

group "default" {
  targets = ["app", "worker"]
}

target "_common" {
  platforms = ["linux/amd64", "linux/arm64"]
  output = ["type=registry"]
  args = { A = "1" }
}

target "app" {
  inherits = ["_common"]
  context = "."
  tags = [image("App"), equal("v1", TAG) ? "${REGISTRY}/app:stable" : "",]
  args = { B = TAG }
}

target "worker" {
  inherits = ["_common"]
  tags = [
    "${REGISTRY}/worker:${TAG}", // the one
    format("%s/worker:%02d", REGISTRY, 7),
  ]
}
"""


def _read(text: str, environment: dict[str, str] | None = None, *overrides: str) -> Bake:
    known = {name: Text.known(value) for name, value in (environment or {}).items()}
    return read_bake([Text.of_file("docker-bake.hcl", text)], known, [Text.known(each) for each in overrides])


def _tags(bake: Bake, *names: str) -> list[str]:
    return [tag.shown for target in bake.chosen(names) for tag in target.tags if tag]


def test_tags_with_defaults_of_variables() -> None:
    expected = ["ghcr.io/acme/app:latest", "ghcr.io/acme/worker:latest", "ghcr.io/acme/worker:07"]
    assert expected == _tags(_read(_HCL))


def test_the_environment_is_stronger_than_defaults() -> None:
    assert ["ghcr.io/acme/app:v1", "ghcr.io/acme/app:stable"] == _tags(_read(_HCL, {"TAG": "v1"}), "app")


def test_an_empty_tag_is_no_tag() -> None:
    assert ("a/b:1",) == tuple(tag.flat for tag in _read('target "x" { tags = ["a/b:1", ""] }').targets["x"].tags)


def test_what_a_target_inherits() -> None:
    app = _read(_HCL).targets["app"]
    assert ["linux/amd64", "linux/arm64"] == [platform.flat for platform in app.platforms]
    assert ["type=registry"] == [output.flat for output in app.outputs]
    assert {"A": Text.known("1"), "B": Text.known("latest")} == app.attributes["args"]


def test_a_tag_stands_where_it_is_written() -> None:
    pieces = _read(_HCL).targets["worker"].tags[0].pieces
    assert [6, 33, 4] == [piece.span.line for piece in pieces[:3] if piece.span]


def test_what_is_set_from_outside() -> None:
    bake = _read(_HCL, {}, "app.tags=x/y:1", "*.platform=linux/386", "worker.push=true")
    assert ["x/y:1"] == _tags(bake, "app")
    assert ["linux/386"] == [platform.flat for platform in bake.targets["worker"].platforms]


def test_targets_of_a_matrix() -> None:
    bake = _read(
        """
target "app" {
  name = "app-${replace(version, ".", "-")}"
  matrix = { version = ["1.0", "2.0"] }
  tags = ["acme/app:${version}"]
}
"""
    )
    assert ["acme/app:1.0", "acme/app:2.0"] == _tags(bake, "app")
    assert {"app-1-0", "app-2-0"} == bake.targets.keys()


def test_later_files_add_to_earlier_ones() -> None:
    first = Text.of_file("a.hcl", 'target "app" { context = "x", \n}'.replace(",", ""))
    second = Text.of_file(
        "b.json", '{"target": {"app": {"tags": ["acme/${NAME}:1"]}}, "variable": {"NAME": {"default": "app"}}}'
    )
    bake = read_bake([first, second], {})
    assert ["acme/app:1"] == _tags(bake, "app")
    assert Text.known("x") == bake.targets["app"].context


def test_tags_that_another_file_brings() -> None:
    bake = read_bake(
        [
            Text.of_file(
                "a.hcl", 'target "docker-metadata-action" {}\ntarget "app" {\n inherits = ["docker-metadata-action"]\n}'
            )
        ],
        {},
        tags={"docker-metadata-action": (Text.known("acme/app:main"),)},
    )
    assert ["acme/app:main"] == _tags(bake, "app")


def test_variables_without_a_value_are_empty() -> None:
    assert ["acme/app:"] == _tags(_read('variable "V" {}\ntarget "default" {\n tags = ["acme/app:${V}"]\n}'))


@pytest.mark.parametrize(
    "expression",
    ["timestamp()", "NOBODY", "[for x in y : x]", 'regex_replace("a", "b", "c")', "VARIABLE", "REAL[*].x"],
)
def test_what_is_not_known_stays_a_hole(expression: str) -> None:
    text = 'variable "VARIABLE" { default = VARIABLE }\ntarget "default" {\n tags = ["acme/app:${EXPRESSION}"]\n}'
    text = text.replace("EXPRESSION", expression)
    assert _read(text).chosen()[0].tags[0].holes


def test_an_environment_that_is_not_known_makes_a_hole() -> None:
    bake = read_bake([Text.of_file("a", _HCL)], {"TAG": Text.unknown(Unknown.VARIABLE, "TAG")})
    assert ["ghcr.io/acme/app:‹TAG›"] == _tags(bake, "app")[:1]


@pytest.mark.parametrize(
    "text",
    ['target "a" {', "target = ", 'x = "', "x = [1", "x = {a}", "x = <<E\n", "x = f(", "}", "x = " + "(" * 100, "[1]"],
)
def test_what_is_no_bake_file_is_refused(text: str) -> None:
    with pytest.raises(MalformedFile):
        _read(text)


def test_functions_that_call_themselves_come_to_an_end() -> None:
    text = 'function "f" {\n params = [x]\n result = f(x)\n}\ntarget "default" {\n tags = [f("a")]\n}'
    assert _read(text).chosen()[0].tags[0].holes


def test_texts_that_double_each_other_come_to_an_end() -> None:
    text = "".join(f'variable "v{at}" {{ default = "${{v{at + 1}}}${{v{at + 1}}}" }}\n' for at in range(40))
    text += 'variable "v40" { default = "aaaa" }\ntarget "default" {\n tags = [v0]\n}'
    assert _read(text).chosen()[0].tags[0].holes


def test_targets_that_inherit_twice_from_each_other_come_to_an_end() -> None:
    text = "".join(f'target "t{at}" {{ inherits = ["t{at + 1}", "t{at + 1}"] }}\n' for at in range(25))
    assert 25 == len(_read(text).targets)


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [
                'target "a" {',
                "}",
                "tags = [",
                "]",
                '"x${',
                '"',
                "NAME",
                "\n",
                ",",
                "(",
                ")",
                "?",
                ":",
                "<<E\n",
                "E\n",
                "{",
                "-",
            ]
        ),
        max_size=14,
    )
)
def test_any_text_is_read_or_refused(parts: list[str]) -> None:
    with suppress(MalformedFile):
        _read("".join(parts))
