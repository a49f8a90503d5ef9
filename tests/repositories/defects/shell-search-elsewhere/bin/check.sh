#!/bin/bash
set -e
docker search ghcr.io/acme/app | grep -q app || echo "not published"
