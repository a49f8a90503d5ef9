"""Talking to a registry: any that speaks the distribution specification, or Docker's older form of it."""
