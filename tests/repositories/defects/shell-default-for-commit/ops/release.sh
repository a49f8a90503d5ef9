#!/bin/bash
set -euo pipefail
REVISION="${COMMIT_SHA:-latest}"
docker pull "registry.example.com/base/tools:$REVISION"
docker run --rm "registry.example.com/base/tools:$REVISION" migrate
