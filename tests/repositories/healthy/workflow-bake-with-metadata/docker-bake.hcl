variable "TAG" {
  default = "latest"
}

group "default" {
  targets = ["app"]
}

target "docker-metadata-action" {}

target "app" {
  inherits = ["docker-metadata-action"]
  context = "."
  platforms = ["linux/amd64", "linux/arm64"]
}
