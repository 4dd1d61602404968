"""Packets: read by field path, composed, and held against the rules."""
from __future__ import annotations

import ctypes as c
import threading
from typing import Iterator, Mapping, NamedTuple

from .library import (DIRECTIONS, NO_NODE, NODES_MAX, LintContext, Node, PcpEdit, PcpError, PcpFinding, PcpPacket, Why, address, code,
                      lib)

_HELD = 64


class Field(NamedTuple):
    """A field of a packet. value: a number, or what a person would type to get it back."""
    path: str
    offset: int
    length: int
    value: int | str
    text: str


class Finding(NamedTuple):
    """A rule that a packet breaks."""
    severity: str
    rule: str
    ref: str
    offset: int
    length: int
    text: str


class _Scratch(threading.local):
    """What a decoding needs for a moment: the most nodes that a packet has, and room for a text."""

    def __init__(self) -> None:
        self.node = (Node * NODES_MAX)()
        self.text = c.create_string_buffer(8192)


_scratch = _Scratch()


class Packet:
    """A decoded packet: packet["map.nonce"], packet["options[0].filter.remote_port"]. Any octets decode."""

    def __init__(self, octets: bytes, direction: str | None = None, dialects: tuple[str, ...] = ()) -> None:
        self.octets = bytes(octets)
        self._packet = packet = PcpPacket()
        bits = sum(code("dialect", name) for name in dialects)
        node = _scratch.node
        lib.pcp_decode(packet, self.octets, len(self.octets), DIRECTIONS[direction] if direction else 0, bits, node, NODES_MAX)
        self._node = (Node * packet.nnode)()
        c.memmove(self._node, node, c.sizeof(self._node))
        packet.node = c.cast(self._node, c.POINTER(Node))

    @property
    def direction(self) -> str:
        return "request" if self._packet.direction == DIRECTIONS["request"] else "response"

    @property
    def protocol(self) -> str:
        return "NAT-PMP" if self._packet.protocol else "PCP"

    @property
    def version(self) -> int:
        return int(self._packet.version)

    @property
    def opcode(self) -> int:
        return int(self._packet.opcode)

    @property
    def summary(self) -> str:
        """One line for the whole packet: "MAP tcp 8080 3600 s"."""
        lib.pcp_summary(self._packet, _scratch.text, len(_scratch.text))
        return _scratch.text.value.decode()

    def _find(self, path: str) -> int:
        node: int = lib.pcp_node_find(self._packet, path.encode())
        if node == NO_NODE or not self._node[node].field:
            raise KeyError(path)
        return node

    def _value(self, node: int) -> int | str:
        if lib.pcp_field_is_number(self._node[node].field) and self._node[node].len:
            return int(lib.pcp_node_uint(self._packet, node))
        return self._written(lib.pcp_node_typed, node)

    def _written(self, write: object, node: int) -> str:
        write(self._packet, node, _scratch.text, len(_scratch.text))  # type: ignore[operator]
        return _scratch.text.value.decode()

    def __getitem__(self, path: str) -> int | str:
        return self._value(self._find(path))

    def get(self, path: str, default: int | str | None = None) -> int | str | None:
        try:
            return self[path]
        except KeyError:
            return default

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and lib.pcp_node_find(self._packet, path.encode()) != NO_NODE

    def __iter__(self) -> Iterator[Field]:
        """Every field, in order."""
        for i, node in enumerate(self._node):
            if node.field:
                yield Field(self._written(lib.pcp_node_path, i), node.off, node.len, self._value(i),
                            self._written(lib.pcp_node_text, i))

    def text(self, path: str) -> str:
        """A field as a person reads it: "3600 s = 1:00:00"."""
        return self._written(lib.pcp_node_text, self._find(path))

    def raw(self, path: str) -> bytes:
        """A field's octets."""
        node = self._node[self._find(path)]
        return self.octets[node.off:node.off + node.len]

    def lint(self, request: Packet | None = None, source: str | None = None) -> list[Finding]:
        """The rules that it breaks; a response is held against its request where that is known."""
        context, found = LintContext(), (PcpFinding * _HELD)()
        if request:
            context.request = c.pointer(request._packet)
        if source:
            context.source = bytes(address(source))
        count = lib.pcp_lint(self._packet, c.byref(context), found, _HELD)
        if count > _HELD:
            found = (PcpFinding * count)()
            lib.pcp_lint(self._packet, c.byref(context), found, count)
        return [Finding(lib.pcp_severity_name(f.rule[0].severity).decode(), f.rule[0].name.decode(), f.rule[0].ref.decode(),
                        f.off, f.len, f.text.decode()) for f in found[:count]]

    def __bytes__(self) -> bytes:
        return self.octets

    def __repr__(self) -> str:
        return f"<Packet {self.summary}>"


def decode(octets: bytes, direction: str | None = None, dialects: tuple[str, ...] = ()) -> Packet:
    """Octets as a packet. direction: "request" or "response"; by its R bit when none is given."""
    return Packet(octets, direction, dialects)


class Edit:
    """A packet in the making. Fields are set by path, from a number, from octets, or from what a person types; Length
    fields and padding follow, unless `exact`."""

    def __init__(self, octets: bytes = b"", *, exact: bool = False, dialects: tuple[str, ...] = ()) -> None:
        self._edit = PcpEdit(exact=exact, dialects=sum(code("dialect", name) for name in dialects))
        if not lib.pcp_edit_load(self._edit, bytes(octets), len(octets)):
            raise PcpError(f"{len(octets)} octets are more than a packet can be composed of")

    @classmethod
    def request(cls, opcode: str | int, *, client: str = "any", lifetime: int = 0, version: int = 2,
                fields: Mapping[str, int | str | bytes] | None = None,
                options: Mapping[str, Mapping[str, int | str | bytes]] | None = None) -> Edit:
        """A request of the opcode, with its fields ("map.protocol": "tcp") and options ("FILTER": {"remote_port": 443})."""
        edit = cls()
        lib.pcp_edit_request(edit._edit, version, code("opcode", opcode), address(client), lifetime)
        for path, value in (fields or {}).items():
            edit[path] = value
        for name, values in (options or {}).items():
            edit.add(name, values)
        return edit

    def __setitem__(self, path: str, value: int | str | bytes) -> None:
        why = Why()
        if isinstance(value, str):
            done = lib.pcp_edit_set(self._edit, path.encode(), value.encode(), c.byref(why))
        elif isinstance(value, int):
            done = 0 <= value < 1 << 32 and lib.pcp_edit_set_uint(self._edit, path.encode(), value)
        else:
            done = lib.pcp_edit_set_octets(self._edit, path.encode(), value, len(value))
        if done:
            return
        if not why.text and path not in self.packet():
            raise KeyError(path)
        raise why.error() if why.text else PcpError(f"{path} cannot be {value!r}")

    def __getitem__(self, path: str) -> int | str:
        return self.packet()[path]

    def _fill(self, option: str, values: Mapping[str, int | str | bytes]) -> None:
        key = next((field.path[len(option) + 1:].split(".")[0] for field in self.packet()
                    if field.path.startswith(option + ".") and "." in field.path[len(option) + 1:]), "")
        for name, value in values.items():
            self[f"{option}.{key}.{name}"] = value

    def add(self, option: str | int, values: Mapping[str, int | str | bytes] | bytes | None = None) -> int:
        """Appends an option with fields by name, or with the octets of its data; which it is of them, from 0."""
        data = values if isinstance(values, bytes) else None
        nth: int = lib.pcp_edit_add_option(self._edit, code("option", option), data, len(data or b""))
        if nth < 0:
            raise PcpError(f"option {option} has no room, or none can be here")
        if values and not isinstance(values, bytes):
            self._fill(f"options[{nth}]", values)
        return nth

    def add_nested(self, path: str, option: str | int, values: Mapping[str, int | str | bytes] | bytes | None = None) -> int:
        """The same inside of a response's NEXT, which is at the path."""
        data = values if isinstance(values, bytes) else None
        nth: int = lib.pcp_edit_add_nested(self._edit, path.encode(), code("option", option), data, len(data or b""))
        if nth < 0:
            raise PcpError(f"option {option} has no room in {path}, or none can be there")
        if values and not isinstance(values, bytes):
            self._fill(f"{path}.next.options[{nth}]", values)
        return nth

    def remove(self, nth: int) -> None:
        if not lib.pcp_edit_remove_option(self._edit, nth):
            raise IndexError(nth)

    def move(self, nth: int, to: int) -> None:
        if not lib.pcp_edit_move_option(self._edit, nth, to):
            raise IndexError(nth)

    def repair(self) -> None:
        """Makes every Length and padding fit, `exact` or not."""
        lib.pcp_edit_repair(self._edit)

    def packet(self) -> Packet:
        return Packet(bytes(self))

    def __bytes__(self) -> bytes:
        return bytes(self._edit.octets[:self._edit.len])
