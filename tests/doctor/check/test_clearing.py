import pytest

from wharf.doctor.check.berth import Berth
from wharf.doctor.check.clearing import removal
from wharf.oci.reference import RepositoryName, Tag


@pytest.mark.parametrize(
    ("registry", "expected"),
    [
        ("registry.example", "wharf delete registry.example/acme/app/wharf-check:check-1 --yes"),
        ("ghcr.io", "gh api -X DELETE /orgs/acme/packages/container/app%2Fwharf-check"),
        ("acme.azurecr.io", "az acr repository delete --name acme --image acme/app/wharf-check:check-1"),
        (
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
            (
                "aws ecr batch-delete-image --region eu-west-1 --repository-name acme/app/wharf-check "
                "--image-ids imageTag=check-1"
            ),
        ),
        ("docker.io", ""),
    ],
)
def test_what_stays_is_removed_as_its_registry_wants_it(registry: str, expected: str) -> None:
    assert expected == removal(Berth(registry, RepositoryName("acme/app/wharf-check"), Tag("check-1")))
