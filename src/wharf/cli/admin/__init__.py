"""Accounts, organisations and packages of a wharf registry, looked after from afar. One file for each noun."""
