variable "TAG" {
  default = "latest"
}

variable "REGISTRY" {
  default = "ghcr.io/acme"
}

group "default" {
  targets = ["api", "web"]
}

target "docker-metadata-action" {}

target "api" {
  context = "."
  inherits = ["docker-metadata-action"]
  platforms = ["linux/amd64", "linux/arm64"]
}

target "web" {
  context = "."
  tags = ["${REGISTRY}/web:${TAG}"]
}
