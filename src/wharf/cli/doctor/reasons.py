"""Why something is not known, in words for whoever asks what CI will push."""

from typing import Final

from wharf.doctor.language import Words
from wharf.formats.hole import Reason, Unknown

_WORDS: Final = {
    Unknown.SECRET: Words("the secret {} is kept by the CI", "비밀 값 {}은(는) CI에만 있습니다"),
    Unknown.VARIABLE: Words("the variable {} is kept in the settings of the CI", "변수 {}은(는) CI 설정에 있습니다"),
    Unknown.INPUT: Words("whoever starts the run gives the input {}", "입력 {}은(는) 실행하는 사람이 줍니다"),
    Unknown.ENVIRONMENT: Words("whoever runs it sets the variable {}", "환경 변수 {}은(는) 실행하는 쪽이 정합니다"),
    Unknown.OUTPUT: Words("the output {} of a step is not understood", "단계의 출력 {}을(를) 알 수 없습니다"),
    Unknown.COMMAND: Words("it is what `{}` prints", "`{}`이(가) 출력하는 것입니다"),
    Unknown.REMOTE: Words("{} stands in another repository", "{}은(는) 다른 저장소에 있습니다"),
    Unknown.RUN: Words("{} is known only during the run", "{}은(는) 실행 중에만 알 수 있습니다"),
    Unknown.EVENT: Words("{} depends on what happened", "{}은(는) 무슨 일이 있었는지에 달렸습니다"),
    Unknown.FILE: Words("{} is not here or cannot be read", "{}이(가) 없거나 읽을 수 없습니다"),
    Unknown.EITHER: Words("it depends on {}", "{}에 달렸습니다"),
    Unknown.SYNTAX: Words("`{}` is not understood", "`{}`을(를) 이해하지 못합니다"),
    Unknown.FAILURE: Words("this fails: {}", "여기서 실패합니다: {}"),
    Unknown.TOO_MUCH: Words("{} has grown beyond its bound", "{}이(가) 너무 큽니다"),
}


def reason_in_words(reason: Reason) -> Words:
    words = _WORDS[reason.kind]
    return Words(words.english.format(reason.subject), words.korean.format(reason.subject))
