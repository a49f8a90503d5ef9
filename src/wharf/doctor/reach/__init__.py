"""Reaching a registry to see what it does: names, connections, TLS, answers. Nothing is changed there or here."""
