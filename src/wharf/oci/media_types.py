"""A media type says how bytes are to be read: as an image manifest, an index, a configuration, a layer.

Two families say the same in different words: the Open Container Initiative's, and Docker's schema 2 before it.
Registries accept any media type for configurations and layers, and only the four below for manifests.
"""

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_EMPTY = "application/vnd.oci.empty.v1+json"
OCI_LAYOUT_HEADER = "application/vnd.oci.layout.header.v1+json"
OCI_DESCRIPTOR = "application/vnd.oci.descriptor.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar"
OCI_LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
OCI_LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd"
OCI_NONDISTRIBUTABLE_LAYER = "application/vnd.oci.image.layer.nondistributable.v1.tar"
OCI_NONDISTRIBUTABLE_LAYER_GZIP = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
OCI_NONDISTRIBUTABLE_LAYER_ZSTD = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_PLUGIN_CONFIG = "application/vnd.docker.plugin.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar"
DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip"
DOCKER_LAYER_ZSTD = "application/vnd.docker.image.rootfs.diff.tar.zstd"
DOCKER_FOREIGN_LAYER = "application/vnd.docker.image.rootfs.foreign.diff.tar"
DOCKER_FOREIGN_LAYER_GZIP = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
DOCKER_FOREIGN_LAYER_ZSTD = "application/vnd.docker.image.rootfs.foreign.diff.tar.zstd"

DOCKER_SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json"
DOCKER_SCHEMA1_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws"

ACCEPTED_MANIFESTS = (OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_MANIFEST_LIST)

_IMAGE_MANIFESTS = frozenset({OCI_MANIFEST, DOCKER_MANIFEST})
_INDEXES = frozenset({OCI_INDEX, DOCKER_MANIFEST_LIST})
_SCHEMA1 = frozenset({DOCKER_SCHEMA1, DOCKER_SCHEMA1_SIGNED})
_NONDISTRIBUTABLE = frozenset(
    {
        OCI_NONDISTRIBUTABLE_LAYER,
        OCI_NONDISTRIBUTABLE_LAYER_GZIP,
        OCI_NONDISTRIBUTABLE_LAYER_ZSTD,
        DOCKER_FOREIGN_LAYER,
        DOCKER_FOREIGN_LAYER_GZIP,
        DOCKER_FOREIGN_LAYER_ZSTD,
    }
)
_LAYERS = _NONDISTRIBUTABLE | {
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    DOCKER_LAYER,
    DOCKER_LAYER_GZIP,
    DOCKER_LAYER_ZSTD,
}

_IN_OCI = {
    DOCKER_MANIFEST: OCI_MANIFEST,
    DOCKER_MANIFEST_LIST: OCI_INDEX,
    DOCKER_CONFIG: OCI_CONFIG,
    DOCKER_LAYER: OCI_LAYER,
    DOCKER_LAYER_GZIP: OCI_LAYER_GZIP,
    DOCKER_LAYER_ZSTD: OCI_LAYER_ZSTD,
    DOCKER_FOREIGN_LAYER: OCI_NONDISTRIBUTABLE_LAYER,
    DOCKER_FOREIGN_LAYER_GZIP: OCI_NONDISTRIBUTABLE_LAYER_GZIP,
    DOCKER_FOREIGN_LAYER_ZSTD: OCI_NONDISTRIBUTABLE_LAYER_ZSTD,
}


def in_oci(media_type: str) -> str:
    """What says the same in the family of OCI; what has no word there, and what is of no family, stays as it is."""
    return _IN_OCI.get(media_type, media_type)


def is_image_manifest(media_type: str) -> bool:
    return media_type in _IMAGE_MANIFESTS


def is_index(media_type: str) -> bool:
    return media_type in _INDEXES


def is_manifest(media_type: str) -> bool:
    return media_type in _IMAGE_MANIFESTS or media_type in _INDEXES


def is_schema1(media_type: str) -> bool:
    return media_type in _SCHEMA1


def is_layer(media_type: str) -> bool:
    """Whether it is a file system layer, and not just some content that an artifact keeps among its layers."""
    return media_type in _LAYERS


def is_nondistributable(media_type: str) -> bool:
    """Whether a registry may lack it: clients fetch such layers from the URLs in the descriptor."""
    return media_type in _NONDISTRIBUTABLE
