"""What `wharf doctor` itself says, beside what its rules say."""

from typing import Final

from wharf.doctor.finding import Severity
from wharf.doctor.language import Words

SEVERITIES: Final = {
    Severity.ERROR: Words("error", "오류"),
    Severity.WARNING: Words("warning", "경고"),
    Severity.NOTE: Words("note", "참고"),
}
COUNTED: Final = {
    Severity.ERROR: (Words("{} error", "오류 {}건"), Words("{} errors", "오류 {}건")),
    Severity.WARNING: (Words("{} warning", "경고 {}건"), Words("{} warnings", "경고 {}건")),
    Severity.NOTE: (Words("{} note", "참고 {}건"), Words("{} notes", "참고 {}건")),
}
HEALTHY: Final = Words("nothing is wrong", "잘못된 것이 없습니다")
IGNORED: Final = Words("{} ignored in wharf.toml", "wharf.toml에서 무시한 것 {}건")
IDLE: Final = Words(
    "wharf.toml ignores {}, and nothing is found there any longer",
    "wharf.toml이 {}을(를) 무시하지만 더는 나오지 않습니다",
)
CAUSE: Final = Words("cause", "원인")
FIX: Final = Words("fix", "고치기")
OR: Final = Words("or", "또는")
MORE_NOTES: Final = Words("{} more notes: --all shows them", "참고가 {}건 더 있습니다: --all")
CUT: Final = Words("--all tells the rest", "나머지는 --all")
MORE_TAGS: Final = Words("{} more", "{}개 더")
NOT_LOOKED_AT: Final = Words("not looked at", "보지 못한 것")
FIXABLE: Final = Words("next: wharf doctor --fix mends {}", "다음: wharf doctor --fix로 {}건을 고칠 수 있습니다")
MENDED: Final = Words("mended", "고쳤습니다")
NOT_MENDED: Final = Words("not mended: {}", "고치지 못했습니다: {}")
NOTHING_TO_MEND: Final = Words("nothing can be mended safely", "안전하게 고칠 수 있는 것이 없습니다")
LOOKING: Final = Words("looking at the files", "파일을 보는 중")
ASKING: Final = Words("asking {}", "{}에 묻는 중")
OFFLINE: Final = Words("what the registry holds (--offline): {}", "레지스트리에 있는 것 (--offline): {}")
STANDS_IN: Final = Words(
    "whose repository this is: {} stands for it; --repository Owner/name tells",
    "누구의 저장소인지: {}(으)로 대신합니다. --repository Owner/name 으로 알려 주세요",
)
UNREAD: Final = Words("what {} holds: {}", "{}에 있는 것: {}")
REMOTE: Final = Words("{}: it stands in another repository", "{}: 다른 저장소에 있습니다")
TOO_MANY: Final = Words("files beyond the first {}", "처음 {}개를 넘는 파일")
NO_TAGS: Final = Words("CI names no image because of this", "이 일로 CI가 이름 붙이는 이미지는 없습니다")
NOT_PUSHED: Final = Words("made, but pushed by nobody", "만들지만 아무도 올리지 않음")
UNDECIDED: Final = Words("cannot be decided", "정할 수 없음")
