"""What Argo CD Image Updater is told."""

from wharf.formats.kubernetes.image_updater import PREFIX, UpdatedImages, updated_images
from wharf.formats.kubernetes.manifest import parse_manifest
from wharf.formats.text import Text


def told(content: str) -> UpdatedImages:
    (each,) = parse_manifest(Text.of_file("a.yaml", "apiVersion: v1\n" + content), "a.yaml").objects
    found = updated_images(each)
    assert found
    return found


def annotated(*annotations: str) -> UpdatedImages:
    lines = "".join(f"    {PREFIX}{annotation}\n" for annotation in annotations)
    return told("kind: Application\nmetadata:\n  annotations:\n" + lines)


def test_settings_stand_under_the_alias_of_an_image() -> None:
    (settings,) = annotated(
        "image-list: app=acme/app:1.x", "app.allow-tags: any", "app.update-strategy: digest"
    ).settings
    assert settings.allow_tags
    assert settings.strategy
    assert ("any", "digest") == (settings.allow_tags.text.flat, settings.strategy.text.flat)


def test_a_setting_for_another_alias_is_stray() -> None:
    strays = annotated("image-list: app=acme/app", "web.allow-tags: any", "write-back-method: git").strays
    assert [("web", "allow-tags")] == [(stray.alias, stray.setting) for stray in strays]


def test_slashes_of_an_alias_are_underscores_in_keys() -> None:
    assert () == annotated("image-list: acme/app:1.x", "acme_app.update-strategy: digest").strays


def test_an_object_of_its_own_has_settings_on_three_levels() -> None:
    settings = told(
        """kind: ImageUpdater
spec:
  commonUpdateSettings: {updateStrategy: digest}
  applicationRefs:
    - commonUpdateSettings: {pullSecret: 'pullsecret:a/b'}
      images:
        - {alias: app, imageName: acme/app, commonUpdateSettings: {allowTags: any}}
"""
    ).settings
    assert 3 == len(settings)
