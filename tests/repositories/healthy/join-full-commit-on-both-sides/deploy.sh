#!/bin/bash
set -euo pipefail
: "${GITHUB_SHA:?the commit to deploy}"
export IMAGE="ghcr.io/${GITHUB_REPOSITORY:?}:${GITHUB_SHA}"
docker compose -f compose.prod.yml pull
docker compose -f compose.prod.yml up -d
