"""What a Bicep file declares and uses, read with the grammar of tree-sitter; the compiler cannot be installed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

ROOT = Path(__file__).parents[3]
INFRA = ROOT / "infra"
_DECLARATIONS = ("parameter", "variable", "module", "resource", "output", "type")


@dataclass
class Declaration:
    kind: str
    name: str
    line: int
    node: Node
    source: str = ""
    """Of a module: its path or registry reference; of a resource: its type."""
    required: bool = False


@dataclass
class File:
    path: Path
    root: Node
    declared: dict[str, Declaration] = field(default_factory=dict)

    def of(self, kind: str) -> list[Declaration]:
        return [each for each in self.declared.values() if each.kind == kind]

    def errors(self) -> list[str]:
        return [self.at(node, "cannot be read") for node in _walk(self.root) if node.type == "ERROR" or node.is_missing]

    def used(self) -> Iterator[tuple[str, Node]]:
        """Each name that stands where a value is read, and is neither a parameter of a lambda nor of a loop."""
        for each in self.declared.values():
            for node in each.node.named_children[1:]:
                yield from _names(node, frozenset())

    def at(self, node: Node, text: str) -> str:
        return f"{self.path.relative_to(ROOT)}:{node.start_point[0] + 1}: {text}"


@cache
def files() -> dict[Path, File]:
    return {path: _read(path) for path in sorted(INFRA.rglob("*.bicep"))}


def params(module: Declaration) -> dict[str, Node]:
    """What a module is given, by name."""
    found = next((each for each in _properties(_body(module.node)) if _key(each) == "params"), None)
    return {_key(each): each.named_children[-1] for each in _properties(found.named_children[-1])} if found else {}


def properties(file: File, variable: str) -> dict[str, Node]:
    """The properties of a variable that is an object."""
    return {
        _key(each): each.named_children[-1] for each in _properties(file.declared[variable].node.named_children[-1])
    }


def text(node: Node) -> str:
    """Of a string: what stands between its quotes."""
    return _said(node).strip("'")


def outputs_read(file: File) -> Iterator[tuple[str, str, Node]]:
    """(module, output, where) for each `module.outputs.output`."""
    for node in _walk(file.root):
        if node.type == "member_expression" and ".outputs." in (said := _said(node).replace("?", "").replace("!", "")):
            module, _, output = said.partition(".outputs.")
            if "." not in output:
                yield module, output, node


def _read(path: Path) -> File:
    root = Parser(Language(tree_sitter_bicep.language())).parse(path.read_bytes()).root_node
    file = File(path, root)
    for node in root.named_children:
        kind = node.type.removesuffix("_declaration")
        if kind in _DECLARATIONS:
            name = _said(node.named_children[0])
            source = text(node.named_children[1]) if kind in ("module", "resource") else ""
            required = kind == "parameter" and len(node.named_children) == 2 and not _said(node).rstrip().endswith("?")
            file.declared[f"{kind} {name}" if kind == "output" else name] = Declaration(
                kind, name, node.start_point[0] + 1, node, source, required
            )
    return file


def _names(node: Node, bound: frozenset[str]) -> Iterator[tuple[str, Node]]:
    if node.type == "identifier":
        if _said(node) not in bound:
            yield _said(node), node
        return
    children = node.named_children
    if node.type == "object_property":
        children = children[1:] if children[0].type == "identifier" else children
    elif node.type == "lambda_expression":
        bound |= {_said(each) for each in _walk(children[0]) if each.type == "identifier"}
        children = children[1:]
    elif node.type == "for_statement":
        bound |= {_said(each) for each in _walk(children[0]) if each.type in ("identifier", *_LOOP)}
        children = children[1:]
    elif node.type in ("type", "resource_expression"):
        children = children[:1] if node.type == "resource_expression" else []
    elif node.type == "call_expression":
        children = children[1:] if children[0].type == "identifier" else children
    for child in children:
        yield from _names(child, bound)


_LOOP = ("loop_variable", "loop_enumerator")


def _body(node: Node) -> Node:
    """The object of a declaration, also in a loop or under a condition."""
    last = node.named_children[-1]
    return last if last.type == "object" else _body(last)


def _properties(node: Node) -> list[Node]:
    return [each for each in node.named_children if each.type == "object_property"]


def _key(node: Node) -> str:
    return text(node.named_children[0])


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _said(node: Node) -> str:
    return (node.text or b"").decode()
