"""What `wharf check` itself says, beside what its steps say."""

from typing import Final

from wharf.doctor.check.step import Outcome
from wharf.doctor.language import Words

WHY: Final = Words("why", "이유")
PERHAPS: Final = Words("perhaps", "가능한 이유")
FIX: Final = Words("fix", "해결")
NEXT: Final = Words("next", "다음")
OTHERS: Final = Words(
    "{} more possible: wharf explain tells them", "가능한 다른 이유 {}개: wharf explain으로 볼 수 있습니다"
)
WORKS: Final = Words(
    "{} works: an image got in, and came back as it was.", "{}: 정상입니다. 이미지를 올리고 그대로 받았습니다."
)
WORKS_AND_RUNS: Final = Words(
    "{} works: an image got in, came back as it was, and ran.",
    "{}: 정상입니다. 이미지를 올리고 그대로 받아 실행했습니다.",
)
FAILED: Final = Words("{} does not work: step {} ({}) failed.", "{}: 정상이 아닙니다. {}단계({})가 실패했습니다.")
INTERRUPTED: Final = Words("interrupted: what was made has been cleaned up", "중단되었습니다. 만든 것은 정리했습니다")
CHANGED: Final = Words("changed since the last run:", "지난 실행 이후 달라진 점:")
CHANGE: Final = Words("step {} ({}): {} before, {} now", "{}단계({}): 이전 {}, 지금 {}")
OTHERWISE: Final = Words(
    "step {} ({}): {} as before, but otherwise", "{}단계({}): 전과 같이 {}, 그러나 내용이 다릅니다"
)
UNREMEMBERED: Final = Words(
    "what came of it cannot be remembered, so the next run will speak again: {}",
    "결과를 기록할 수 없어 다음 실행에서도 다시 알립니다: {}",
)
SECONDS: Final = Words("{:.1f} s", "{:.1f}초")
OUTCOMES: Final = {
    Outcome.PASSED: Words("passed", "성공"),
    Outcome.FAILED: Words("failed", "실패"),
    Outcome.NOT_DONE: Words("not done", "하지 않음"),
    Outcome.INTERRUPTED: Words("interrupted", "중단"),
}
