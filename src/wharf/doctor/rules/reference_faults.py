"""What is wrong with a reference of an image that no program accepts, in words, and how to write it instead."""

from wharf.doctor.finding import Edit, Fix
from wharf.doctor.language import Words
from wharf.errors import Malformed
from wharf.formats.kubernetes.image import parts_of
from wharf.formats.text import Text
from wharf.oci.reference import Reference


def fault_of(image: Text) -> Words | None:
    """None, if nothing is wrong with it, or if not all of it is known."""
    value = image.value
    if not value:
        return None
    try:
        Reference.parse(value)
    except Malformed:
        return _in_words(image)
    return None


def in_small_letters(image: Text) -> tuple[Fix, ...]:
    """The repository in small letters, where it stands there in one piece."""
    name = parts_of(image).name
    span = name.span
    if len(name.pieces) != 1 or span is None or span.width != len(name) or name.flat == name.flat.lower():
        return ()
    words = Words("Write the repository in small letters", "저장소 이름을 소문자로 쓰세요")
    return (Fix(words, (Edit(span, name.flat.lower()),), is_safe=True),)


def _in_words(image: Text) -> Words:
    parts = parts_of(image)
    if parts.tag is not None and not parts.tag:
        return Words("the tag behind the colon is empty", "콜론 뒤의 태그가 비어 있습니다")
    if any(character.isspace() for character in image.flat):
        return Words("there is blank space in it", "공백이 들어 있습니다")
    if parts.name.flat != parts.name.flat.lower():
        return Words("the name of a repository has no capital letters", "저장소 이름에는 대문자를 쓸 수 없습니다")
    return Words("it is not of the form registry/repository:tag", "registry/repository:tag 형식이 아닙니다")
