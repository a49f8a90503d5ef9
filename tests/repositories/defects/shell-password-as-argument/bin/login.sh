#!/bin/sh
set -eu
docker login registry.example.com --username "$REGISTRY_USER" --password "$REGISTRY_PASSWORD"
