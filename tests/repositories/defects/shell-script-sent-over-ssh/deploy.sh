#!/bin/bash
set -e
cd /srv/app
docker pull "ghcr.io/acme/app:${RELEASE}"
