"""The compose projects of a repository, and which images they ask a registry for."""

from wharf.doctor.checkout import Checkout
from wharf.doctor.way.reference import Asked
from wharf.formats.compose.project import Project
from wharf.formats.compose.service import Service


def compose_projects(checkout: Checkout) -> tuple[Project, ...]:
    """Each with nothing but its `.env` around it."""
    return ()


def compose_asked(project: Project) -> tuple[Asked, ...]:
    """What its services are started from, where that comes from a registry."""
    return tuple(_asked(service) for service in project.services if service.asks_a_registry)


def _asked(service: Service) -> Asked:
    assert service.image is not None
    platforms = (service.platform,) if service.platform else ()
    return Asked(service.image, service.image.span or service.span, "compose", platforms=platforms)
