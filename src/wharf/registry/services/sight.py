"""Sight: which blobs of a repository somebody may see who may pull from it.

What no manifest names was deleted, or is still on its way in. That is for those who push here: whoever deletes an image
because a secret is in it must not find its layers handed out until they are collected.
"""

from dataclasses import replace

from wharf.metadata.records import BlobRecord
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Action, Caller, Gate


async def may_see(gate: Gate, caller: Caller, name: RepositoryName, blob: BlobRecord) -> bool:
    """A short-lived token was not asked for pushing, so it is asked whom it stands for."""
    if blob.is_named:
        return True
    itself = replace(caller, rights=replace(caller.rights, grants=None))
    return await gate.may(itself, Action.PUSH, name)
