"""A repository of many services, as companies keep them: each with its workflow, Dockerfile, manifests and scripts."""

from collections.abc import Iterator
from pathlib import Path

FILES = 2_000
WORKFLOWS = 60
SOURCES_OF_EACH = 26
_WORKFLOW = """\
name: {name}
on:
  push:
    branches: [main]
    tags: ["v*"]
    paths: ["services/{name}/**"]
  pull_request:
env:
  REGISTRY: ghcr.io
  IMAGE: ghcr.io/acme/{name}
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python: ["3.11", "3.12", "3.13"]
        os: [ubuntu-latest, ubuntu-24.04-arm]
    steps:
      - uses: actions/checkout@v4
      - run: |
          set -eu
          for folder in src tests; do
            echo "looking at $folder with ${{{{ matrix.python }}}}"
          done
          make -C services/{name} test
  image:
    needs: test
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: write
    outputs:
      tag: ${{{{ steps.tag.outputs.tag }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: docker/setup-buildx-action@v3
      - uses: docker/login-action@v3
        with:
          registry: ${{{{ env.REGISTRY }}}}
          username: ${{{{ github.actor }}}}
          password: ${{{{ secrets.GITHUB_TOKEN }}}}
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: ${{{{ env.IMAGE }}}}
          tags: |
            type=ref,event=branch
            type=ref,event=pr
            type=semver,pattern={{{{version}}}}
            type=semver,pattern={{{{major}}}}.{{{{minor}}}}
            type=sha,format=long,prefix=
      - uses: docker/build-push-action@v6
        with:
          context: services/{name}
          push: ${{{{ github.event_name != 'pull_request' }}}}
          tags: ${{{{ steps.meta.outputs.tags }}}}
          labels: ${{{{ steps.meta.outputs.labels }}}}
      - id: tag
        run: echo "tag=${{{{ github.sha }}}}" >> "$GITHUB_OUTPUT"
  deploy:
    if: github.event_name == 'push' && github.ref == 'refs/heads/main'
    needs: image
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: services/{name}/deploy.sh
        env:
          IMAGE_TAG: ${{{{ needs.image.outputs.tag }}}}
"""
_DEPLOY = """\
#!/usr/bin/env bash
set -euo pipefail
image="ghcr.io/acme/{name}:${{IMAGE_TAG:?which one?}}"
docker pull "$image"
kubectl set image deployment/{name} {name}="$image"
kubectl rollout status deployment/{name} --timeout=120s
"""
_DOCKERFILE = """\
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
FROM python:3.13-slim
WORKDIR /app
COPY --from=build /usr/local /usr/local
COPY src ./src
USER 1000
CMD ["python", "-m", "src"]
"""
_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: acme
spec:
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      containers:
        - name: {name}
          image: ghcr.io/acme/{name}:main
          ports: [{{containerPort: 8080}}]
"""
_COMPOSE = """\
services:
  app:
    build: .
    image: acme/{name}:dev
    depends_on: [db]
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: ${{POSTGRES_PASSWORD:-local}}
"""


def write_checkout(root: Path, files: int = FILES, workflows: int = WORKFLOWS) -> None:
    written = 0
    for path, content in _files(workflows):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
        written += 1
    (root / "docs").mkdir()
    for number in range(files - written):
        (root / "docs" / f"page{number}.md").write_text(f"# Page {number}\n\nWords about it.\n")


def _files(workflows: int) -> Iterator[tuple[str, str]]:
    for number in range(workflows):
        name = f"service{number:02}"
        below = f"services/{name}"
        yield f".github/workflows/{name}.yml", _WORKFLOW.format(name=name)
        yield f"{below}/deploy.sh", _DEPLOY.format(name=name)
        yield f"{below}/Dockerfile", _DOCKERFILE
        yield f"{below}/.dockerignore", "*\n!src\n!requirements.txt\n"
        yield f"{below}/requirements.txt", "starlette==0.40.0\n"
        yield f"{below}/compose.yaml", _COMPOSE.format(name=name)
        yield f"{below}/kubernetes/deployment.yaml", _MANIFEST.format(name=name)
        for source in range(SOURCES_OF_EACH - 2):
            yield f"{below}/src/part{source}.py", f'"""Part {source} of {name}."""\n\nVALUE = {source}\n'
