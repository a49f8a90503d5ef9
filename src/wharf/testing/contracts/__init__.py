"""One suite for each interface: what every implementation must do, whoever wrote it.

Inherit from a suite in a test module and give it what it asks for; a test runner finds the rest by name.
"""
