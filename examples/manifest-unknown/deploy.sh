#!/bin/bash
# Puts the application onto this machine with Docker Compose.
set -euo pipefail

PROJECT_NAME="hamalog"
REGISTRY="ghcr.io"
IMAGE_NAME="${REGISTRY}/${GITHUB_REPOSITORY:-acme/hamalog-backend}"
IMAGE_TAG="${GITHUB_SHA:-latest}"
COMPOSE_FILE="docker-compose.prod.yml"

echo "Image: ${IMAGE_NAME}:${IMAGE_TAG}"

finish() {
    local code=$?
    if [ $code -ne 0 ]; then
        echo "Deployment failed with exit code: $code"
        docker compose -p ${PROJECT_NAME} logs --tail=50 || true
    fi
    exit $code
}
trap finish EXIT

cat > ${COMPOSE_FILE} << EOF
services:
  hamalog-app:
    image: ${IMAGE_NAME}:${IMAGE_TAG}
    ports:
      - "8080:8080"
    environment:
      - SPRING_PROFILES_ACTIVE=\${SPRING_PROFILES_ACTIVE:-prod}
      - SPRING_DATASOURCE_URL=jdbc:mysql://mysql:3306/\${DB_NAME:-hamalog}
      - SPRING_DATASOURCE_PASSWORD=\${DB_PASSWORD:-hamalog_password}
      - JWT_SECRET=\${JWT_SECRET:-}
    depends_on:
      - mysql
      - redis
    restart: unless-stopped

  redis:
    image: redis:7-alpine
    volumes:
      - redis-data:/data

  mysql:
    image: mysql:8.0
    environment:
      - MYSQL_DATABASE=\${DB_NAME:-hamalog}
    volumes:
      - mysql-data:/var/lib/mysql

volumes:
  mysql-data:
  redis-data:
EOF

if docker compose -p ${PROJECT_NAME} ps -q | grep -q .; then
    docker compose -p ${PROJECT_NAME} down --remove-orphans
fi

docker compose -f ${COMPOSE_FILE} -p ${PROJECT_NAME} pull

docker compose -f ${COMPOSE_FILE} -p ${PROJECT_NAME} up -d

waited=0
while [ $waited -lt 180 ]; do
    if docker compose -f ${COMPOSE_FILE} -p ${PROJECT_NAME} ps --filter "health=healthy" | grep -q hamalog-app; then
        break
    fi
    sleep 10
    waited=$((waited + 10))
done

rm -f ${COMPOSE_FILE}
echo "Deployed"
