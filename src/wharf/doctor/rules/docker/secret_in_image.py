"""A secret that a COPY brings into an image, for everybody who can pull it."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.contexts import Copied, copied
from wharf.doctor.looks.secret_files import SecretFile, secret_files
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    secrets = checkout.once(secret_files)
    for each in checkout.once(copied) if secrets else ():
        for secret in secrets.values():
            path = each.context.path_of(secret.path)
            if path is not None and each.brings(path) and not each.source.seen.instruction.flag("exclude"):
                yield _finding(each, path, secret)


def _finding(copied: Copied, path: str, secret: SecretFile) -> Finding:
    name = copied.source.seen.instruction.name
    line = copied.context.decision(path).line
    evidence = [Evidence(Words(f"{secret.path} holds a secret", f"{secret.path}에 비밀 값이 있습니다"), secret.span)]
    if line is not None:
        evidence.append(
            Evidence(
                Words(f"{line.written.flat} takes it in again", f"{line.written.flat} 줄이 다시 포함시킵니다"),
                line.span,
            )
        )
    evidence += [
        Evidence(
            Words(
                f"{each.written.flat} stands for the top folder only",
                f"{each.written.flat} 패턴은 최상위 폴더에만 적용됩니다",
            ),
            each.span,
        )
        for each in copied.context.ignore.lines
        if not each.is_exception and "/" in path and each.matches(path.rpartition("/")[2])
    ]
    where = copied.context.ignore_path or copied.context.in_repository(".dockerignore")
    return Finding(
        copied.source.written.span or copied.source.seen.instruction.span,
        Words(
            f"{name} {copied.source.written.flat} brings the secret in {secret.path} into the image",
            f"{name} {copied.source.written.flat}: {secret.path}의 비밀 값이 이미지에 들어갑니다",
        ),
        tuple(evidence),
        Words(
            "Whoever can pull the image can read every file of every layer, deleted ones as well.",
            "이미지를 풀할 수 있는 사람은 나중에 지운 파일까지 모든 레이어의 파일을 읽을 수 있습니다.",
        ),
        (
            Fix(
                Words(
                    f"add a line `{_pattern(path)}` at the end of {where}, and give the secret when the container runs",
                    f"{where} 끝에 `{_pattern(path)}` 줄을 추가하고 비밀 값은 컨테이너 실행 때 넘기세요",
                ),
                copied.context.added(_pattern(path)),
            ),
        ),
        severity=None if copied.is_in_image else Severity.NOTE,
    )


def _pattern(path: str) -> str:
    return f"**/{path.rpartition('/')[2]}"


RULE: Final = Rule(
    "secret-in-image",
    Severity.WARNING,
    Words("A secret that reaches an image", "이미지에 들어가는 비밀 값"),
    _check,
)
