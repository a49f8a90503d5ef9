"""How a registry is told what to do: one table of settings, read once from flags, environment and file."""

from wharf.registry.settings.table import Settings, load_settings
from wharf.registry.settings.values import Address, LogFormat

__all__ = ["Address", "LogFormat", "Settings", "load_settings"]
