"""Sentences about an engine: who names it, how it answers, who has what is wanted."""

from collections.abc import Mapping
from typing import Final

from wharf.doctor.engines.endpoint import NamedBy
from wharf.doctor.language import Words

NAMED_BY: Final[Mapping[NamedBy, Words]] = {
    NamedBy.DEFAULT: Words(
        "The engine's usual address is used: {address}.", "엔진의 기본 주소를 사용합니다: {address}."
    ),
    NamedBy.DOCKER_HOST: Words(
        "DOCKER_HOST names the engine: {address}.", "DOCKER_HOST가 엔진을 지정합니다: {address}."
    ),
    NamedBy.CONTEXT: Words(
        "The context {context} names the engine: {address}.", "컨텍스트 {context}이(가) 엔진을 지정합니다: {address}."
    ),
    NamedBy.CONTEXT_MISSING: Words(
        "The context {context} is chosen, and there is none of that name.",
        "컨텍스트 {context}이(가) 선택되어 있으나, 그런 이름의 컨텍스트가 없습니다.",
    ),
    NamedBy.TEXT: Words(
        "The text names the engine {address}; a docker command in this shell would use another one.",
        "오류 메시지에 나온 엔진은 {address}이며, 현재 셸의 docker 명령은 다른 엔진을 사용합니다.",
    ),
}

OUTCOMES: Final[Mapping[str, Words]] = {
    "answers": Words("The engine at {address} answers.", "{address}의 엔진이 응답합니다."),
    "no-socket": Words("There is nothing at {address}.", "{address}에 소켓이 없습니다."),
    "not-a-socket": Words(
        "What lies at {address} is a file or a folder, not a socket.",
        "{address}에 있는 것은 소켓이 아니라 파일 또는 폴더입니다.",
    ),
    "nobody-listens": Words(
        "Nobody listens at {address}: the connection is refused.",
        "{address}에서 연결이 거부됩니다. 수신 중인 프로세스가 없습니다.",
    ),
    "permission-denied": Words(
        "This account may not open {address}.", "현재 계정에는 {address}에 대한 접근 권한이 없습니다."
    ),
    "name-unknown": Words(
        "The name in {address} leads to no address.", "{address}의 호스트 이름을 주소로 변환할 수 없습니다."
    ),
    "unreachable": Words("No way leads to {address}{more}.", "{address}에 도달할 수 없습니다{more}."),
    "tls-expected": Words(
        "{address} is spoken to plainly, and expects TLS.",
        "{address}에 평문으로 접속하지만, 그 포트는 TLS를 요구합니다.",
    ),
    "plain-expected": Words(
        "{address} is spoken to with TLS, and answers plainly.",
        "{address}에 TLS로 접속하지만, 그 포트는 평문으로 응답합니다.",
    ),
    "bad-certificate": Words(
        "TLS with {address} fails because of a certificate{more}.",
        "{address}와의 TLS가 인증서 문제로 실패합니다{more}.",
    ),
    "certificates-missing": Words(
        "TLS is asked for at {address}, and the client's folder of certificates lacks some of its files.",
        "{address}에 TLS를 사용하도록 설정되었으나, 클라이언트의 인증서 폴더에 필요한 파일이 없습니다.",
    ),
    "hung": Words(
        "{address} takes the connection or the request, and says nothing.",
        "{address}이(가) 제한 시간 안에 응답하지 않습니다.",
    ),
    "not-an-engine": Words(
        "Something answers at {address}, and it is not a container engine.",
        "{address}에서 응답하는 것은 컨테이너 엔진이 아닙니다.",
    ),
    "version-refused": Words(
        "The engine at {address} answers, and refuses the client's API version.",
        "{address}의 엔진이 응답하지만 클라이언트의 API 버전을 거부합니다.",
    ),
}

STANDING: Final[Mapping[str, Words]] = {
    "running": Words("The container {} runs.", "컨테이너 {}이(가) 실행 중입니다."),
    "stopped": Words("The container {} is there and does not run.", "컨테이너 {}이(가) 있으나 실행되고 있지 않습니다."),
    "absent": Words("This engine has no container {}.", "이 엔진에 컨테이너 {}이(가) 없습니다."),
}

HELD: Final[Mapping[str, Words]] = {
    "by-running": Words(
        "A running container has the name {}.", "실행 중인 컨테이너가 이름 {}을(를) 사용하고 있습니다."
    ),
    "by-stopped": Words(
        "A container that is stopped has the name {}.", "중지된 컨테이너가 이름 {}을(를) 사용하고 있습니다."
    ),
    "no": Words("No container has the name {} any more.", "이제 이름 {}을(를) 사용하는 컨테이너가 없습니다."),
}

PORT_HELD: Final[Mapping[str, Words]] = {
    "by-container": Words(
        "The container {who} has the port {port}.", "컨테이너 {who}이(가) 포트 {port}을(를) 사용하고 있습니다."
    ),
    "by-program": Words(
        "A program of this machine, no container, listens on the port {port}.",
        "컨테이너가 아닌 이 컴퓨터의 프로그램이 포트 {port}에서 수신하고 있습니다.",
    ),
    "no": Words("Nobody listens on the port {port} any more.", "이제 포트 {port}에서 수신하는 프로세스가 없습니다."),
}

IN_GROUP: Final[Mapping[str, Words]] = {
    "yes": Words("This account is in the group {}.", "현재 계정은 그룹 {}에 속해 있습니다."),
    "no": Words("This account is not in the group {}.", "현재 계정은 그룹 {}에 속해 있지 않습니다."),
    "not-in-this-session": Words(
        "This account was put into the group {}, and this session began before that.",
        "현재 계정은 그룹 {}에 추가되었으나, 이 세션은 그 전에 시작되었습니다.",
    ),
    "no-group": Words("There is no group {} on this machine.", "이 컴퓨터에 그룹 {}이(가) 없습니다."),
}
