#!/bin/bash
set -e
image="postgres:16"
if ! docker manifest inspect "$image" &> /dev/null; then
  echo "no such image: $image" >&2
  exit 1
fi
