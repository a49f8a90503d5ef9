"""The rows of the table, in the order in which they are measured and printed."""

from bench.measure import Bench
from bench.rows import (
    bearer,
    blob_get,
    blob_push,
    blob_push_tls,
    collection,
    delivery,
    doctor,
    explain,
    manifest_get,
    memory,
    small_pushes,
    start,
    tags,
)

BENCHES: tuple[Bench, ...] = (
    *manifest_get.BENCHES,
    *bearer.BENCHES,
    *blob_get.BENCHES,
    *blob_push.BENCHES,
    *blob_push_tls.BENCHES,
    *small_pushes.BENCHES,
    *tags.BENCHES,
    *memory.BENCHES,
    *start.BENCHES,
    *collection.BENCHES,
    *delivery.BENCHES,
    *doctor.BENCHES,
    *explain.BENCHES,
)
