"""The verb that proves that a registry works for this machine and this account."""
