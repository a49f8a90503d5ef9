"""Budgets of size: what is too long to be held in the head is taken apart. Exceptions are few and say why."""

import ast
from collections.abc import Iterator

from tests.house.sources import PACKAGE, Module, modules

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
MOST_METHODS_OF_A_PROTOCOL = 5

LONGER_FILES: dict[str, str] = {}


def test_no_file_is_longer_than_its_budget() -> None:
    lengths = {str(module): len(module.text.splitlines()) for module in modules()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FILE}.keys() <= (
        LONGER_FILES.keys()
    )


def test_every_exception_from_the_file_budget_is_still_needed() -> None:
    lengths = {str(module): len(module.text.splitlines()) for module in modules()}
    assert [] == [name for name in LONGER_FILES if lengths[name] <= MOST_LINES_OF_A_FILE]


def test_no_function_is_longer_than_its_budget() -> None:
    long = [
        f"{module}:{function.lineno} {function.name}: {length(function)} lines"
        for module in modules()
        for function in functions(module)
        if length(function) > MOST_LINES_OF_A_FUNCTION
    ]
    assert [] == long


def test_a_protocol_asks_for_few_methods_of_its_own() -> None:
    wide = [
        f"{module}:{protocol.lineno} {protocol.name}: {len(methods(protocol))} methods"
        for module in modules(PACKAGE)
        for protocol in protocols(module)
        if len(methods(protocol)) > MOST_METHODS_OF_A_PROTOCOL
    ]
    assert [] == wide


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """In lines, from `def` to the end, without the docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    told = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - told


def protocols(module: Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef) and "Protocol" in base_names(node))


def base_names(node: ast.ClassDef) -> set[str]:
    plain = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    return {ast.unparse(base).rpartition(".")[2] for base in plain}


def methods(protocol: ast.ClassDef) -> list[str]:
    return [node.name for node in protocol.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
