"""The library's functions and structs, as its headers declare them (tests/suites/python holds them to it)."""
from __future__ import annotations

import ctypes as c
import os
from typing import Any

NODES_MAX, EDIT_MAX, NO_NODE, ADDR_LEN, CANDIDATES_MAX = 1536, 2048, 0xFFFF, 16, 16
DIRECTIONS = {"request": 1, "response": 2}
VERSION_NATPMP, SERVER_PORT = 0, 5351


class PcpError(ValueError):
    """What was refused; `at`: where in what was given."""

    def __init__(self, text: str, at: int = 0) -> None:
        super().__init__(text)
        self.at = at


class Node(c.Structure):
    _fields_ = [("layout", c.c_void_p), ("field", c.c_void_p), ("off", c.c_uint32), ("len", c.c_uint32),
                ("parent", c.c_uint16), ("end", c.c_uint16), ("nth", c.c_uint16), ("depth", c.c_uint8)]


class PcpPacket(c.Structure):
    _fields_ = [("octets", c.c_char_p), ("len", c.c_size_t), ("protocol", c.c_int), ("direction", c.c_int),
                ("version", c.c_uint8), ("opcode", c.c_uint8), ("where", c.c_uint16), ("dialects", c.c_uint),
                ("node", c.POINTER(Node)), ("nnode", c.c_size_t), ("cap", c.c_size_t), ("cut", c.c_bool)]


class PcpEdit(c.Structure):
    _fields_ = [("octets", c.c_uint8 * EDIT_MAX), ("len", c.c_size_t), ("dialects", c.c_uint), ("direction", c.c_int),
                ("exact", c.c_bool)]


class Why(c.Structure):
    _fields_ = [("text", c.c_char * 192), ("at", c.c_size_t), ("code", c.c_int)]
    MEMORY = 1

    def error(self) -> PcpError | MemoryError:
        """What to raise: memory that is not there is no fault of what was typed."""
        return MemoryError(self.text.decode()) if self.code == self.MEMORY else PcpError(self.text.decode(), self.at)


class Rule(c.Structure):
    _fields_ = [("name", c.c_char_p), ("severity", c.c_int), ("ref", c.c_char_p), ("text", c.c_char_p),
                ("refusal", c.c_uint8), ("check", c.c_void_p), ("of", c.c_uint16), ("about", c.c_uint8)]


class PcpFinding(c.Structure):
    _fields_ = [("rule", c.POINTER(Rule)), ("off", c.c_uint32), ("len", c.c_uint32), ("text", c.c_char * 160)]


class LintContext(c.Structure):
    _fields_ = [("went", c.c_int), ("request", c.POINTER(PcpPacket)), ("source", c.c_char_p), ("holder", c.c_char_p),
                ("wire_len", c.c_size_t), ("have_epoch", c.c_bool), ("epoch", c.c_uint32), ("elapsed", c.c_uint32)]


class Endpoint(c.Structure):
    _fields_ = [("addr", c.c_uint8 * ADDR_LEN), ("port", c.c_uint16), ("scope", c.c_uint32)]


class Rng(c.Structure):
    _fields_ = [("fill", c.c_void_p), ("state", c.c_uint64 * 4)]


class ClientConfig(c.Structure):
    _fields_ = [("irt", c.c_int64), ("mrt", c.c_int64), ("mrc", c.c_uint32), ("mrd", c.c_int64), ("max_lifetime", c.c_int64),
                ("min_hold", c.c_int64), ("max_mappings", c.c_size_t), ("renew", c.c_bool), ("passive", c.c_bool),
                ("foreign", c.c_bool)]


class ServerConfig(c.Structure):
    _fields_ = [("endpoint", Endpoint * CANDIDATES_MAX), ("nendpoint", c.c_size_t), ("source", Endpoint),
                ("version", c.c_uint8), ("fixed_version", c.c_bool), ("anycast", c.c_bool), ("name", c.c_char * 64)]


class PcpMapping(c.Structure):
    _fields_ = [("id", c.c_uint32), ("server", c.c_uint16), ("state", c.c_int), ("version", c.c_uint8), ("opcode", c.c_uint8),
                ("internal", c.c_uint8 * ADDR_LEN), ("third_party", c.c_bool), ("protocol", c.c_uint8),
                ("internal_port", c.c_uint16), ("remote", c.c_uint8 * ADDR_LEN), ("remote_port", c.c_uint16),
                ("nonce", c.c_uint8 * 12), ("suggested_port", c.c_uint16), ("external_port", c.c_uint16),
                ("suggested", c.c_uint8 * ADDR_LEN), ("external", c.c_uint8 * ADDR_LEN), ("requested_lifetime", c.c_uint32),
                ("lifetime", c.c_uint32), ("result", c.c_uint8), ("created_at", c.c_int64), ("granted_at", c.c_int64),
                ("expires_at", c.c_int64), ("hold_until", c.c_int64), ("next_at", c.c_int64), ("renewals", c.c_uint32),
                ("auto_renew", c.c_bool), ("adopted", c.c_bool), ("unconfirmed", c.c_bool), ("port_set_size", c.c_uint16),
                ("stranded", c.c_bool), ("pair", c.c_bool), ("exchange", c.c_uint32), ("description", c.c_char * 132),
                ("skipped", c.c_uint8 * 8), ("nskipped", c.c_size_t), ("request", c.c_void_p), ("request_len", c.c_size_t)]


class ClientEvent(c.Structure):
    _fields_ = [("kind", c.c_int), ("now", c.c_int64), ("exchange", c.c_uint32), ("server", c.c_void_p),
                ("mapping", c.POINTER(PcpMapping)), ("octets", c.POINTER(c.c_char)), ("len", c.c_size_t), ("from_", Endpoint),
                ("to", Endpoint), ("unsent", c.c_bool), ("tries", c.c_uint32), ("next_at", c.c_int64), ("rtt", c.c_int64),
                ("result", c.c_uint8), ("replaced", c.c_bool), ("by_itself", c.c_bool),
                ("reason", c.c_char_p)]


SEND = c.CFUNCTYPE(c.c_bool, c.c_void_p, c.c_void_p, c.POINTER(Endpoint), c.c_void_p, c.c_size_t, use_errno=True)
EVENT = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(ClientEvent))


class ClientIo(c.Structure):
    _fields_ = [("arg", c.c_void_p), ("send", SEND), ("event", EVENT)]


class ClientRequest(c.Structure):
    _fields_ = [("server", c.c_uint16), ("octets", c.c_char_p), ("len", c.c_size_t), ("raw", c.c_bool),
                ("keep_nonce", c.c_bool), ("keep_address", c.c_bool), ("insist", c.c_bool), ("renew", c.c_int),
                ("irt", c.c_int64), ("mrc", c.c_uint32), ("mrd", c.c_int64)]


# What each struct is called in C, and a member whose name is a word of Python's.
STRUCTS: dict[str, type[c.Structure]] = {
    "pcp_node": Node, "pcp_packet": PcpPacket, "pcp_edit": PcpEdit, "pcp_why": Why, "pcp_rule": Rule, "pcp_finding": PcpFinding,
    "pcp_lint_context": LintContext, "pcp_endpoint": Endpoint, "pcp_rng": Rng, "pcp_client_config": ClientConfig,
    "pcp_client_server_config": ServerConfig, "pcp_mapping": PcpMapping, "pcp_client_event": ClientEvent,
    "pcp_client_io": ClientIo, "pcp_client_request": ClientRequest,
}

P, EP, EDIT, WHY, CLIENT = c.POINTER(PcpPacket), c.POINTER(Endpoint), c.POINTER(PcpEdit), c.POINTER(Why), c.c_void_p
SIZE, TEXT, U32 = c.c_size_t, c.c_char_p, c.c_uint32

FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "pcp_decode": (None, [P, TEXT, SIZE, c.c_int, c.c_uint, c.POINTER(Node), SIZE]),
    "pcp_node_find": (SIZE, [P, TEXT]),
    "pcp_node_path": (SIZE, [P, SIZE, TEXT, SIZE]),
    "pcp_node_text": (SIZE, [P, SIZE, TEXT, SIZE]),
    "pcp_node_typed": (SIZE, [P, SIZE, TEXT, SIZE]),
    "pcp_node_uint": (U32, [P, SIZE]),
    "pcp_field_is_number": (c.c_bool, [c.c_void_p]),
    "pcp_summary": (SIZE, [P, TEXT, SIZE]),
    "pcp_lint": (SIZE, [P, c.POINTER(LintContext), c.POINTER(PcpFinding), SIZE]),
    "pcp_severity_name": (TEXT, [c.c_int]),
    "pcp_name": (TEXT, [c.c_void_p, U32]),
    "pcp_code": (c.c_long, [c.c_void_p, TEXT]),
    "pcp_addr_parse": (c.c_bool, [TEXT, c.c_void_p, WHY]),
    "pcp_addr_text": (SIZE, [c.c_void_p, TEXT, SIZE]),
    "pcp_edit_begin": (None, [EDIT, c.c_uint8, c.c_uint8]),
    "pcp_edit_request": (None, [EDIT, c.c_uint8, c.c_uint8, c.c_void_p, U32]),
    "pcp_edit_load": (c.c_bool, [EDIT, TEXT, SIZE]),
    "pcp_edit_set": (c.c_bool, [EDIT, TEXT, TEXT, WHY]),
    "pcp_edit_set_uint": (c.c_bool, [EDIT, TEXT, U32]),
    "pcp_edit_set_octets": (c.c_bool, [EDIT, TEXT, TEXT, SIZE]),
    "pcp_edit_add_option": (c.c_int, [EDIT, c.c_uint8, TEXT, SIZE]),
    "pcp_edit_add_nested": (c.c_int, [EDIT, TEXT, c.c_uint8, TEXT, SIZE]),
    "pcp_edit_remove_option": (c.c_bool, [EDIT, SIZE]),
    "pcp_edit_move_option": (c.c_bool, [EDIT, SIZE, SIZE]),
    "pcp_edit_repair": (None, [EDIT]),
    "pcp_endpoint_parse": (c.c_bool, [TEXT, c.c_uint16, EP, WHY]),
    "pcp_rng_system": (None, [c.POINTER(Rng)]),
    "pcp_clock_monotonic": (c.c_int64, []),
    "pcp_sock_source": (c.c_bool, [EP, EP, WHY]),
    "pcp_sock_open": (c.c_int, [EP, c.POINTER(c.c_bool), WHY]),
    "pcp_sock_announcements": (c.c_int, [EP, WHY]),
    "pcp_sock_send": (c.c_bool, [c.c_int, EP, EP, c.c_void_p, SIZE]),
    "pcp_sock_receive": (c.c_ssize_t, [c.c_int, c.c_void_p, SIZE, EP, EP]),
    "pcp_sock_error": (c.c_bool, [c.c_int, EP, c.POINTER(TEXT)]),
    "pcp_client_new": (CLIENT, [c.POINTER(ClientConfig), c.POINTER(Rng), ClientIo]),
    "pcp_client_free": (None, [CLIENT]),
    "pcp_client_wait": (c.c_int, [CLIENT, c.c_int64]),
    "pcp_client_tick": (None, [CLIENT, c.c_int64]),
    "pcp_client_receive": (None, [CLIENT, c.c_int64, EP, EP, c.c_void_p, SIZE]),
    "pcp_client_unreachable": (None, [CLIENT, c.c_int64, EP, TEXT]),
    "pcp_client_add_server": (c.c_uint16, [CLIENT, c.POINTER(ServerConfig)]),
    "pcp_client_submit": (U32, [CLIENT, c.c_int64, c.POINTER(ClientRequest), WHY]),
    "pcp_client_cancel": (None, [CLIENT, c.c_int64, U32]),
    "pcp_client_exchange": (c.c_bool, [CLIENT, U32]),
    "pcp_client_nmappings": (SIZE, [CLIENT]),
    "pcp_client_mapping_at": (c.POINTER(PcpMapping), [CLIENT, SIZE]),
    "pcp_client_mapping": (c.POINTER(PcpMapping), [CLIENT, U32]),
    "pcp_client_renew": (U32, [CLIENT, c.c_int64, U32, WHY]),
    "pcp_client_delete": (U32, [CLIENT, c.c_int64, U32, WHY]),
    "pcp_client_auto_renew": (c.c_bool, [CLIENT, c.c_int64, U32, c.c_bool]),
    "pcp_client_forget": (c.c_bool, [CLIENT, c.c_int64, U32]),
    "pcp_mapping_state_name": (TEXT, [c.c_int]),
    "pcp_mapping_result_name": (TEXT, [c.POINTER(PcpMapping), c.POINTER(TEXT)]),
}


def _load() -> c.CDLL:
    library = c.CDLL(os.environ.get("PCPSCOPE_LIBRARY", "libpcpscope.so.0"), use_errno=True)
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


lib: Any = _load()
_TABLES = {name: c.c_char.in_dll(lib, f"pcp_{name}_names") for name in ("opcode", "option", "result", "protocol", "dialect")}


def code(table: str, name: str | int) -> int:
    """A code by its name, as the library's tables have it; numbers are taken as they are."""
    if isinstance(name, int):
        return name
    found: int = lib.pcp_code(c.byref(_TABLES[table]), name.encode())
    if found < 0:
        raise PcpError(f'no {table} is called "{name}"')
    return found


def name_of(table: str, number: int) -> str | None:
    found: bytes | None = lib.pcp_name(c.byref(_TABLES[table]), number)
    return found.decode() if found is not None else None


def address(text: str) -> c.Array[c.c_uint8]:
    addr, why = (c.c_uint8 * ADDR_LEN)(), Why()
    if not lib.pcp_addr_parse(text.encode(), addr, c.byref(why)):
        raise why.error()
    return addr


def address_text(addr: c.Array[c.c_uint8]) -> str:
    text = c.create_string_buffer(64)
    lib.pcp_addr_text(addr, text, len(text))
    return text.value.decode()
