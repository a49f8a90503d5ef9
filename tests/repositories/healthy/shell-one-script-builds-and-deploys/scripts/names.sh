REGISTRY="${REGISTRY:-ghcr.io}"
version() { git rev-parse --short=12 HEAD; }
image() { printf '%s/%s:%s\n' "$REGISTRY" "$(echo "$GITHUB_REPOSITORY" | tr '[:upper:]' '[:lower:]')" "$(version)"; }
