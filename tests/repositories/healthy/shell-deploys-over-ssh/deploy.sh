#!/bin/bash
set -euo pipefail
: "${IMAGE:?which image?}"
cd /srv/app
docker pull "$IMAGE"
export IMAGE
docker compose up -d --remove-orphans
for attempt in 1 2 3 4 5; do
  if docker compose exec -T app wget -qO- localhost:8080/health > /dev/null 2>&1; then
    exit 0
  fi
  sleep "$attempt"
done
docker compose logs --tail 50 app
exit 1
