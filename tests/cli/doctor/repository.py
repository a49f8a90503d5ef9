"""The repository of a note from a desk like many: CI pushes seven digits, and the deployment asks for forty."""

from pathlib import Path
from typing import Final

WORKFLOW: Final = """\
name: CI/CD
on:
  push:
    branches: [main]
jobs:
  build:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: write
    steps:
      - uses: actions/checkout@v4
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: ${{ github.actor }}
          password: ${{ secrets.GITHUB_TOKEN }}
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: ghcr.io/${{ github.repository }}
          tags: |
            type=raw,value=latest,enable={{is_default_branch}}
            type=sha
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: ${{ steps.meta.outputs.tags }}
          labels: ${{ steps.meta.outputs.labels }}
  deploy:
    needs: build
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v4
      - run: ./deploy.sh
        env:
          IMAGE_TAG: ${{ github.sha }}
"""
DEPLOY: Final = """\
#!/bin/sh
set -eu
image="ghcr.io/acme/hamalog-backend:${IMAGE_TAG}"
docker pull "$image"
docker run -d --name app "$image"
"""
SHA: Final = "453a6545b97fe240727c378291230abeb793d851"
TOLD: Final = ("--offline", "--repository", "acme/hamalog-backend", "--sha", SHA)
CI: Final = ".github/workflows/ci.yml"


def broken_repository(root: Path) -> Path:
    return written(root, {CI: WORKFLOW, "deploy.sh": DEPLOY, "Dockerfile": 'FROM alpine:3.22\nCMD ["true"]\n'})


def written(root: Path, files: dict[str, str]) -> Path:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    return root
