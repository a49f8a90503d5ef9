"""Rows for tests of what stands around them."""

from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation, Parameter, Schema


async def echo(request: ApiRequest) -> ApiReply:
    return ApiReply(200, {"path": dict(request.path), "body": dict(request.body)})


def row(
    method: str,
    path: str,
    parameters: tuple[Parameter, ...] = (),
    body: Schema | None = None,
    needs: str = "any credential",
) -> Operation:
    name = f"{method} {path}"
    return Operation(name, method, path, "About it.", needs, echo, {200: {"type": "object"}}, parameters, body)
