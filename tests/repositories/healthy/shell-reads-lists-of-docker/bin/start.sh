#!/bin/bash
# Starts the weather station on this machine; the image is built here, if it is not there yet.
set -euo pipefail

image="${IMAGE:-weather-station}"

if [ -n "$(docker ps -aq --filter "name=^weather$")" ]; then
  docker rm --force weather
fi
if [[ -z "$(docker images -q "$image" 2> /dev/null)" ]]; then
  docker build --tag "$image" .
fi
docker run --detach --name weather "$image"
docker ps --filter status=running | grep --quiet weather || exit 1
