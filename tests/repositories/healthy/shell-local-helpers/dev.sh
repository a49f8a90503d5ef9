#!/bin/bash
# Things for a developer's own machine.
set -eu
TAG="${TAG:-dev}"
PORT=${PORT:-8080}

if ! command -v docker-compose > /dev/null 2>&1; then
  docker-compose() { docker compose "$@"; }
fi

case "${1:-up}" in
  up) docker-compose up --build -d ;;
  down) docker-compose down ;;
  shell) docker-compose exec app sh ;;
  wait)
    until curl -fsS "localhost:$PORT/health" > /dev/null 2>&1; do sleep 1; done
    ;;
  images) docker images app ;;
  clean)
    docker ps -aq --filter "label=app" | xargs -r docker rm -f
    docker images -q app | sort -u | xargs -r docker rmi
    ;;
  *) echo "usage: $0 up|down|shell|wait|images|clean" >&2; exit 2 ;;
esac
