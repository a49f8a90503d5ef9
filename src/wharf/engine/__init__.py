"""Talking to a Docker Engine, or to what speaks like one."""
