"""Images that the templates of a chart make of its values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.kubernetes.chart import Chart, Values, chart_of
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import Map

CHART = "name: app\nappVersion: '1.2.3'\n"
USUAL = 'image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"\n'


def document(path: str, content: str) -> Map:
    node = parse_yaml(Text.of_file(path, content))[0]
    assert isinstance(node, Map)
    return node


def chart(template: str, helpers: str = "", **values: str) -> Chart:
    files = tuple(Values(f"app/{name}.yaml", document(f"app/{name}.yaml", text)) for name, text in values.items())
    templates = {"app/templates/deployment.yaml": template, "app/templates/_helpers.tpl": helpers}
    texts = {path: Text.of_file(path, content) for path, content in templates.items()}
    return chart_of("app", document("app/Chart.yaml", CHART), files, texts)


def images(template: str, values: str = "image: {repository: acme/app, tag: ''}\n", helpers: str = "") -> list[str]:
    return [image.reference.shown for image in chart(template, helpers, values=values).releases[0].images]


def test_a_tag_that_is_empty_is_the_version_of_the_application() -> None:
    assert ["acme/app:1.2.3"] == images(USUAL)


def test_a_number_without_quotes_is_what_helm_makes_of_it() -> None:
    assert ["acme/app:8.202758e+06"] == images(USUAL, "image: {repository: acme/app, tag: 8202758}\n")


def test_each_other_values_file_makes_a_release_of_its_own() -> None:
    made = chart(USUAL, values="image: {repository: a, tag: '1'}\n", production="image: {tag: '2'}\n")
    assert [["a:1"], ["a:2"]] == [[image.reference.shown for image in release.images] for release in made.releases]


def test_an_image_stands_where_its_pieces_were_written() -> None:
    (image,) = chart(USUAL, values="image:\n  repository: acme/app\n  tag: 'x'\n").releases[0].images
    assert Span("app/values.yaml", 2, 15, 2, 23) == image.reference[:8].span


def test_definitions_are_followed() -> None:
    helpers = '{{- define "app.image" -}}\n{{ printf "%s:%s" .Values.image.repository "x" }}\n{{- end -}}\n'
    assert ["acme/app:x"] == images('- image: {{ include "app.image" . }}\n', helpers=helpers)


def test_conditions_that_are_known_decide() -> None:
    template = "{{ if .Values.on }}\nimage: on\n{{ else }}\nimage: off\n{{ end }}\n"
    assert ["off"] == images(template, "on: false\n")


def test_conditions_that_are_not_known_take_all_ways() -> None:
    template = "{{ if .Release.IsUpgrade }}\nimage: on\n{{ else }}\nimage: off\n{{ end }}\n"
    assert ["on", "off"] == images(template)


def test_loops_over_known_lists_are_run() -> None:
    template = "{{ range .Values.jobs }}\n- image: {{ .name }}:{{ $.Values.tag }}\n{{ end }}\n"
    assert ["a:9", "b:9"] == images(template, "tag: 9\njobs: [{name: a}, {name: b}]\n")


def test_variables_keep_what_they_are_given() -> None:
    assert ["x:1"] == images("{{ $tag := .Values.tag }}\nimage: x:{{ $tag }}\n", "tag: '1'\n")


def test_what_is_known_only_when_it_is_installed_stays_open() -> None:
    assert ["‹Release.Name›:‹lookup›"] == images('image: {{ .Release.Name }}:{{ lookup "v1" "x" }}\n')


def test_templates_that_include_themselves_end() -> None:
    helpers = '{{ define "a" }}{{ include "a" . }}{{ include "a" . }}{{ end }}'
    assert images('image: {{ include "a" . }}\n', helpers=helpers)


@settings(max_examples=80)
@given(st.text(alphabet='{}-if end.Valus"|()$:= \n/*', max_size=120))
def test_any_template_is_rendered(template: str) -> None:
    images(template + "\nimage: a\n")


@pytest.mark.parametrize(
    "template",
    [
        'image: {{ .Values.x | replace "x" .Values.x | replace "x" .Values.x | replace "x" .Values.x }}\n',
        "{{ $a := .Values.x }}" + "{{ $a = print $a $a $a $a $a $a $a $a }}" * 40 + "image: {{ $a }}\n",
        "image: a:{{ index .Values.list ²" + "9" * 5000 + ' }}{{ index .Values.list "²" "' + "9" * 5000 + '" }}\n',
    ],
)
def test_templates_that_are_made_to_be_large_come_to_an_end(template: str) -> None:
    assert all(len(image) < 5_000_000 for image in images(template, f"x: {'x' * 5000}\nlist: [a]\n"))
