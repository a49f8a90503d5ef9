#!/bin/sh
if docker ps --filter name=app app; then
  docker restart app
else
  docker start app
fi
