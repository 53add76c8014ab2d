"""What stands in a YAML file, and on which line? The text in, plain values and the line of each out.

The only reader of YAML and the only user of JSON Schema. A value is text, a number, true, false or null as YAML 1.2 has
them; days stay text. Knows nothing of what the files mean (see `law_read`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

import jsonschema  # type: ignore[import-untyped]  # it ships no types
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from aliquot.canonical import shown
from aliquot.fault import Fault

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]
Path = tuple[str | int, ...]
_KINDS: Final = {
    "tag:yaml.org,2002:bool": "bool",
    "tag:yaml.org,2002:int": "int",
    "tag:yaml.org,2002:null": "null",
}
_DEPTH_MAX: Final = 40


@dataclass(slots=True)
class Tree:
    """A file's values, and for each path to one the line it stands on."""

    name: str
    root: Plain = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def where(self, path: Path) -> str:
        """Return the file and the line of the value at the path, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name} line {self.lines.get(path, 1)}"

    def blame(self, path: Path, what: str, todo: str, **values: str | int) -> None:
        self.faults.append(Fault(self.where(path), what, todo, tuple(sorted(values.items()))))


def read(name: str, text: str, schema: str) -> Tree:
    """Return the tree of a file; its faults say what is no YAML, stands twice, or is not as the schema has it."""
    tree = Tree(name)
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        tree.lines[()] = line
        tree.blame((), "this is not YAML: {why}", "mend it there", why=shown(str(error.problem)))
        return tree
    except (YAMLError, ValueError, RecursionError) as error:
        tree.blame((), "this is not YAML: {why}", "mend it there", why=shown(" ".join(str(error).split())))
        return tree
    if node is None:
        tree.blame((), "the file is empty", "write it after {schema}", schema=schema)
        return tree
    tree.root = _plain(tree, node, ())
    if not tree.faults:
        _hold_against(tree, schema)
    return tree


def _plain(tree: Tree, node: Node, path: Path) -> Plain:
    tree.lines.setdefault(path, node.start_mark.line + 1)
    if len(path) > _DEPTH_MAX:
        tree.blame(path, "it is nested too deeply", "write it plainly")
        return None
    if isinstance(node, SequenceNode):
        return [_plain(tree, each, (*path, index)) for index, each in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _mapping(tree, node, path)
    return _scalar(node)


def _mapping(tree: Tree, node: MappingNode, path: Path) -> Plain:
    found: dict[str, Plain] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, ScalarNode) else "?"
        if name in found:
            tree.lines[(*path, name)] = key.start_mark.line + 1
            tree.blame((*path, name), "“{name}” stands here twice", "keep one of them", name=shown(name))
        tree.lines[(*path, name)] = key.start_mark.line + 1
        found[name] = _plain(tree, value, (*path, name))
    return found


def _scalar(node: Node) -> Plain:
    text = str(node.value)
    kind = _KINDS.get(str(node.tag))
    if kind == "bool":
        return text.lower() == "true"
    if kind == "null":
        return None
    return int(text) if kind == "int" and text.lstrip("-").isdigit() and len(text) < 10 else text


@cache
def _validator(schema: str) -> jsonschema.Draft202012Validator:
    text = files("aliquot.law").joinpath(schema).read_text("utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def _hold_against(tree: Tree, schema: str) -> None:
    for error in sorted(
        _validator(schema).iter_errors(tree.root), key=lambda e: [str(p) for p in e.absolute_path]
    ):
        deepest = max(_leaves(error), key=lambda e: len(e.absolute_path))
        tree.blame(tuple(deepest.absolute_path), "it is not as a law file has it: {why}",
                   "write it after {schema}", why=shown(deepest.message), schema=schema)  # fmt: skip


def _leaves(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    yield error
    for inner in error.context or ():
        yield from _leaves(inner)


def at(plain: Plain, name: str) -> Plain:
    """Return the value under a name of a mapping; None where there is none."""
    return plain.get(name) if isinstance(plain, Mapping) else None


def texts(plain: Plain) -> tuple[str, ...]:
    """Return the texts of a list."""
    return tuple(str(each) for each in plain) if isinstance(plain, list) else ()


def items(plain: Plain) -> list[Plain]:
    """Return what is in a list; nothing where it is none."""
    return plain if isinstance(plain, list) else []
