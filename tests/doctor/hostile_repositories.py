# ruff: noqa: E501 - what means harm is often long
"""Repositories that mean harm, by what they try."""

from typing import Final

CI: Final = ".github/workflows/ci.yml"


def workflow(steps: str, before: str = "", job: str = "") -> str:
    return f"on: push\n{before}jobs:\n  build:\n    runs-on: ubuntu-latest\n{job}    steps:\n{steps}"


def meta(tags: str) -> str:
    uses = "      - uses: docker/metadata-action@v5\n        with:\n          images: ghcr.io/acme/app\n          tags: |\n"
    return workflow(uses + "".join(f"            {line}\n" for line in tags.splitlines()))


def script(text: str) -> str:
    return workflow("      - run: |\n" + "".join(f"          {line}\n" for line in text.splitlines()))


LAUGHS: Final = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
REPOSITORIES: Final[dict[str, dict[str, str | bytes]]] = {
    "anchors that explode": {CI: LAUGHS + workflow("      - run: echo\n"), "compose.yaml": LAUGHS, ".gitlab-ci.yml": LAUGHS},
    "merges that explode": {"compose.yaml": "x0: &x0 {a: 1}\n" + "".join(
        f"x{n}: &x{n}\n  <<: [*x{n - 1}, *x{n - 1}]\n  k{n}: {{<<: *x{n - 1}}}\n" for n in range(1, 60)
    )},
    "tabs": {CI: "on: push\njobs:\n\tbuild:\n", "compose.yaml": "services:\n\tapp:\n", ".gitlab-ci.yml": "a:\n\tscript: x\n"},
    "deep nesting": dict.fromkeys((CI, "compose.yaml", ".gitlab-ci.yml", "k8s/app.yaml"), "[" * 50000),
    "wrong shapes": dict(zip(
        (CI, ".github/workflows/b.yml", ".github/workflows/c.yml", "compose.yaml", ".gitlab-ci.yml", "k8s/app.yaml"),
        ("- a\n", "on: [[push]]\njobs: [1]\n", "on: {push: 1}\njobs: {a: {steps: {b: 1}, needs: {x: y}, strategy: 1}}\n",
         "services: [app]\n", "- include\n", "kind: [Deployment]\nspec: 1\n"), strict=True)),
    "no text": dict.fromkeys((CI, "compose.yaml", "Dockerfile", "deploy.sh", ".dockerignore"), b"\x00\xff\xfe\x00" * 100),
    "not UTF-8": {path: "한글".encode("cp949") for path in (CI, "compose.yaml", "Dockerfile", "deploy.sh", "wharf.toml")},
    "nothing in it": dict.fromkeys((CI, "compose.yaml", "Dockerfile", "deploy.sh", ".gitlab-ci.yml", "docker-bake.hcl"), ""),
    "a workflow that calls itself": {CI: f"on: [push, workflow_call]\njobs:\n  a:\n    uses: ./{CI}\n"},
    "an action that uses itself": {
        CI: workflow("      - uses: ./a\n"),
        "a/action.yml": "name: a\nruns:\n  using: composite\n  steps:\n    - uses: ./a\n    - uses: ./a\n",
    },
    "a matrix without end": {CI: workflow("      - run: echo ${{ matrix.a }}\n", job="    strategy:\n      matrix:\n" + "".join(
        f"        {name}: [{', '.join(map(str, range(200)))}]\n" for name in "abcdef"))},
    "expressions without end": {CI: script("echo ${{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}\necho ${{ "
        + "format('{0}{0}', " * 60 + "'aaaaaaaaaa'" + ")" * 60 + " }}")},
    "variables that double": {CI: script('A=aaaaaaaaaa\n' + 'A="$A$A"\n' * 60 + 'docker push "ghcr.io/acme/app:$A"')},
    "a script that runs itself": {CI: script("./deploy.sh"), "deploy.sh": "#!/bin/sh\n. ./deploy.sh\n./deploy.sh\n:(){ :|:& };:\nf() { f; f; }; f\n"},
    "loops without end": {CI: script("while true; do docker push a:b; done\nfor i in $(seq 1 99999999); do echo $i; done\n"
        "for a in 1 2 3 4 5 6 7 8 9; do for b in 1 2 3 4 5 6 7 8 9; do for c in 1 2 3 4 5 6 7 8 9; do for d in 1 2 3 4 5 6 7 8 9; "
        "do docker push a:$a$b$c$d; done; done; done; done\necho {1..99999999}")},
    "branches without end": {CI: script("".join(f'if test -n "$X{n}"; then A="$A{n}"; else B="$B{n}"; fi\n' for n in range(200)) + "docker push a:$A$B")},
    "substitutions without end": {CI: script("echo " + "$(echo " * 3_000 + "a" + ")" * 3_000 + "\n" + "( " * 3_000 + ")" * 3_000)},
    "patterns that take long": {CI: script("A=" + "a" * 3_000 + "\necho ${A//*a*a*a*a*a*a*b/}\necho $A | sed 's/\\(a*\\)*b//'\n"
        "echo $A | sed -E 's/(a+)+$b//; s/(a|aa)+b/x/g'\necho ${A##*(a|aa)b}")},
    "tag patterns that take long": {CI: meta(
        f"type=match,pattern=(a+)+$,value={'a' * 200}b\ntype=match,pattern=(a|a)*b,value={'a' * 200}\n"
        f"type=semver,pattern={{{{version}}}},value=1.2.3,match=(.*)*x\ntype=raw,value={'{{' * 500}")},
    "tags that make no sense": {CI: meta('"""\ntype=\ntype=raw\ntype=sha,format=x,prefix={{#if}}\ntype=raw,value={{date}}\n,,,,=,=\n\x01')},
    "compose in circles": {
        "compose.yaml": "include: [compose.yaml]\nservices:\n  a: {extends: {service: b}}\n  b: {extends: {service: a, file: compose.yaml}}\n",
        ".env": "A=${B}\nB=${A}\n" + "".join(f"C{n}=${{C{n - 1}}}${{C{n - 1}}}\n" for n in range(1, 80)),
        "compose.override.yaml": "services:\n  a: {image: '${C79}'}\n  b: {image: '" + "${A:-" * 500 + "x" + "}" * 500 + "'}\n",
    },
    "pipelines in circles": {
        ".gitlab-ci.yml": "include: [{local: .gitlab-ci.yml}, {local: b.yml}]\na: {extends: b}\nb: {extends: a}\n"
        "c:\n  script: !reference [c, script]\nvariables:\n  A: $B\n  B: $A\n" + "".join(f"  C{n}: $C{n - 1}$C{n - 1}\n" for n in range(1, 80)),
        "b.yml": "include: {local: .gitlab-ci.yml}\nd:\n  script: [docker push $C79]\n  rules: [{if: '"
        + "(" * 3_000 + "$A" + ")" * 3_000 + "'}]\n  parallel: {matrix: [{A: [" + ", ".join(["a"] * 500) + "], B: [" + ", ".join(["b"] * 500) + "]}]}\n",
    },
    "kustomizations in circles": {
        "k/kustomization.yaml": "resources: [../k, ../l, .]\n", "l/kustomization.yaml": "resources: [../k]\nbases: [/etc]\n",
        "chart/Chart.yaml": "name: a\n", "chart/values.yaml": "image: &a {repository: x, tag: 1e5}\nb: [*a]\n",
        "chart/templates/a.yaml": "{{ range " * 3_000 + "image: {{ include \"x\" . }}",
    },
    "bake in circles": {
        "docker-bake.hcl": 'variable "A" { default = "${B}" }\nvariable "B" { default = "${A}" }\ntarget "a" { inherits = ["b"] }\n'
        'target "b" { inherits = ["a"] }\ngroup "default" { targets = ["default"] }\nfunction "f" {\n params = [x]\n result = f(x)\n}\n'
        'target "c" { tags = [f("a"), "' + "${" * 2_000 + '"] }\n',
        CI: workflow("      - uses: docker/bake-action@v6\n        with: {push: true}\n"),
    },
    "a Dockerfile without end": {
        "Dockerfile": "# escape=`\nARG A=$A\nARG B=${A:-${B:-${A}}}\nFROM $B AS " + "x" * 100_000 + "\n" + "RUN a \\\n" * 20_000
        + "COPY --from=0 --from=9 . .\nRUN <<A <<B <<C\n" + "${" * 5_000,
        ".dockerignore": "*" * 5_000 + "a\n" + "**/" * 2_000 + "b\n[\n!\n\\\n" + "!**/a*b*c*d*e*f*g*h\n" * 500,
    },
    "outputs that double": {CI: workflow("".join(
        f"      - id: s{n}\n        run: echo a=x${{{{ steps.s{n - 1}.outputs.a }}}}${{{{ steps.s{n - 1}.outputs.a }}}} >> $GITHUB_OUTPUT\n"
        for n in range(1, 120)))},
    "names that move the cursor": {
        ".github/workflows/\x1b[2J\n::error::x.yml": script("docker push a:b"), "한글 \u202e.sh": "#!/bin/sh\ndocker pull a:b\n",
        ".github/workflows/%0A%25.yml": "on: push\njobs: {a: {needs: nobody}}\n",
    },
}  # fmt: skip
