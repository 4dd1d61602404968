"""Port Control Protocol: packets by field path, their rules, and a client for asyncio.

Everything is libpcpscope's: this module has no table and no rule of its own. It wants the library
where the system looks for it, or its path in PCPSCOPE_LIBRARY.
"""
from .client import Client, Mapping, NoAnswer, Refused
from .library import PcpError
from .packet import Edit, Field, Finding, Packet, decode

__all__ = ["Client", "Edit", "Field", "Finding", "Mapping", "NoAnswer", "Packet", "PcpError", "Refused", "decode"]
