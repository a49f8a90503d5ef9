#!/bin/bash
set -e
docker pull "ghcr.io/acme/app:$IMAGE_TAG"
docker run -d --name app "ghcr.io/acme/app:$IMAGE_TAG"
