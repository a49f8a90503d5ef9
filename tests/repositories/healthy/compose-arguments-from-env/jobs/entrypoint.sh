#!/bin/sh
set -e
exec cron -f
