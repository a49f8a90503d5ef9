"""What can be looked at when something failed: one module and one declaration each, by the name of the probe.

`look` of such a module is given a scene and tells what it saw. It changes nothing, ends in its time, and tells no
secret.
"""
