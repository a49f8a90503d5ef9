"""The scales of the wharf: what this registry does in a second, beside what its peers do on the same machine.

`python -m bench` runs every row, `python -m bench NAME…` single ones; docs/benchmarks.md says how to read them.
"""
