"""What `wharf explain` itself says, beside what the catalogue says."""

from typing import Final

from wharf.doctor.language import Words

LINE: Final = Words("line {}", "{}번째 줄")
CAUSE: Final = Words("cause", "원인")
FIX: Final = Words("fix", "해결")
POSSIBLE: Final = Words("possible causes, the likeliest first", "가능한 원인 (가능성 높은 순)")
STILL_POSSIBLE: Final = Words("could not be ruled out", "배제하지 못한 원인")
RULED_OUT: Final = Words("ruled out", "배제한 원인")
DECIDED_BY: Final = Words("decided by looking at", "판단 근거")
NOT_LOOKED_AT: Final = Words("not looked at", "확인하지 못한 것")
FOLLOWS: Final = Words("follows from it", "뒤따른 오류")
ALSO: Final = Words("another failure in this text", "이 텍스트의 다른 오류")
REMARK: Final = Words("worth knowing", "참고")
NOT_KNOWN: Final = Words("this is not known", "알려지지 않은 오류입니다")
NO_GUESS: Final = Words(
    "nothing in the text is a failure that wharf knows; it does not guess",
    "이 텍스트에는 wharf가 아는 오류가 없습니다. 추측하지 않습니다",
)
NEAREST: Final = Words("nearest to it, and still something else", "가장 비슷하지만 다른 것")
COLLECT: Final = Words("what would help to find out", "원인을 찾는 데 도움이 되는 정보")
OFFLINE: Final = Words(
    "nothing was looked at (--offline): without it, `wharf explain` looks where the failure happened and decides",
    "아무것도 확인하지 않았습니다(--offline). 오류가 난 곳에서 --offline 없이 실행하면 원인을 판별합니다",
)
AIMLESS: Final = Words(
    "the text does not say which image or registry it is about: --image IMAGE or --registry HOST lets wharf look there",
    "어떤 이미지나 레지스트리인지 텍스트에 없습니다. --image IMAGE나 --registry HOST로 지정하십시오",
)
ELSEWHERE: Final = Words(
    "the text comes from {}: what only that machine can tell was not looked at; run `wharf explain` there",
    "이 텍스트는 {}에서 나왔습니다. 그 환경은 확인하지 않았으니 그곳에서 `wharf explain`을 실행하십시오",
)
LOOKING: Final = Words("looking at {}", "확인 중: {}")
MACHINE: Final = Words("this machine", "이 컴퓨터")
NOTHING_WOULD_FAIL: Final = Words(
    "nothing that wharf knows of would fail here", "여기서 실패할 것으로 알려진 문제가 없습니다"
)
MORE: Final = Words("{} more: --all tells them", "{}개 더 있습니다: --all")

TO_COLLECT: Final = (
    Words(
        "the whole message, with the lines before it: the first error of a log is more often the cause than the last",
        "앞줄을 포함한 메시지 전체: 로그의 마지막 오류보다 첫 오류가 원인인 경우가 많습니다",
    ),
    Words(
        "the command that failed, and its version: docker version, docker buildx version",
        "실패한 명령과 그 버전: docker version, docker buildx version",
    ),
    Words(
        "what this machine shows without any text: wharf doctor --machine",
        "텍스트 없이 이 컴퓨터를 점검한 결과: wharf doctor --machine",
    ),
    Words(
        "whether the registry works at all from here: wharf check REGISTRY",
        "이곳에서 레지스트리를 쓸 수 있는지: wharf check REGISTRY",
    ),
)
