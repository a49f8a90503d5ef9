"""The line to a registry: connections, TLS and proxies, and what of it may be tried again."""
