"""A blob that has arrived, told in one line; and digests as people tell layers apart."""

from typing import Final

from wharf.cli.output import padded, size_in_words
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest

_SHORT: Final = 12
_SIZE_WIDTH: Final = 10
_WORDS: Final = {
    Arrival.PRESENT: "is there already",
    Arrival.MOUNTED: "linked by the registry",
    Arrival.SENT: "sent",
}


def line_of(descriptor: Descriptor, arrival: Arrival) -> str:
    size = padded(size_in_words(descriptor.size), _SIZE_WIDTH, ">")
    return f"{short(descriptor.digest)}  {size}  {_WORDS[arrival]}"


def short(digest: Digest) -> str:
    """As many digits as people tell layers apart by."""
    return digest.hex[:_SHORT]
