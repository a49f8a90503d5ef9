#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/names.sh

usage() { echo "usage: $0 build|push|deploy ..." >&2; exit 2; }

build() { docker build --tag "$(image)" --build-arg "VERSION=$(version)" .; }

push() {
  echo "$TOKEN" | docker login "$REGISTRY" --username "$GITHUB_ACTOR" --password-stdin
  docker push "$(image)"
}

deploy() {
  local target="${TARGET_CONTEXT:-production}"
  docker --context "$target" pull "$(image)"
  docker --context "$target" run --detach --name app "$(image)"
}

[ $# -gt 0 ] || usage
for step in "$@"; do
  case "$step" in
    build) build ;;
    push) push ;;
    deploy) deploy ;;
    *) usage ;;
  esac
done
