"""The client's engine on asyncio: this file does its I/O and keeps its time, nothing else."""
from __future__ import annotations

import asyncio
import ctypes as c
import os
from dataclasses import dataclass
from types import TracebackType
from typing import Callable, Mapping as Dict

from .library import (EDIT_MAX, EVENT, SEND, SERVER_PORT, ClientConfig, ClientEvent, ClientIo, ClientRequest, Endpoint, PcpError,
                      PcpMapping, Rng, ServerConfig, Why, address_text, lib, name_of)
from .packet import Edit, Packet

# pcp_client_event_kind
_ANSWERED, _TIMED_OUT, _CANCELLED, _UNREACHABLE, _MAPPING = 2, 5, 6, 7, 8
_SECOND = 1_000_000


class NoAnswer(Exception):
    """The server did not answer, or cannot be reached."""


class Refused(Exception):
    """The server answered an error, which stands in `packet`."""

    def __init__(self, packet: Packet, result: str) -> None:
        super().__init__(result)
        self.packet, self.result = packet, result


@dataclass(frozen=True)
class Mapping:
    """A row of the client's table, as it was when it was asked for."""
    id: int
    state: str
    opcode: int
    protocol: int
    internal_address: str
    internal_port: int
    external_address: str
    external_port: int
    remote_address: str
    remote_port: int
    lifetime: int
    nonce: bytes
    auto_renew: bool
    description: str


def _mapping(row: PcpMapping) -> Mapping:
    return Mapping(row.id, lib.pcp_mapping_state_name(row.state).decode(), row.opcode, row.protocol, address_text(row.internal),
                   row.internal_port, address_text(row.external), row.external_port, address_text(row.remote), row.remote_port,
                   row.lifetime, bytes(row.nonce), row.auto_renew, row.description.decode())


class Client:
    """async with Client("192.0.2.1") as client: mapping = await client.map(8080, 8080, "tcp")

    renew: mappings are kept until the client is closed. tries, timeout (seconds): when a request is given up; RFC 6887
    sends it for ever. changed: called with each Mapping that came or changed. Its mappings stay on the server when it is
    closed: delete() those that shall not."""

    def __init__(self, server: str, *, source: str | None = None, version: int = 2, renew: bool = False, tries: int = 4,
                 timeout: float = 0, changed: Callable[[Mapping], None] | None = None) -> None:
        self._config = ServerConfig(nendpoint=1, version=version, name=server.encode()[:63])
        self._config.endpoint[0] = self._endpoint(server)
        self._config.source = self._endpoint(source, 0) if source else self._source(self._config.endpoint[0])
        self._engine_config = ClientConfig(renew=renew, mrc=tries, mrd=int(timeout * _SECOND))
        self._changed = changed
        self._waiting: dict[int, asyncio.Future[Packet]] = {}
        self._client: int | None = None
        self._sockets: list[int] = []
        self._timer: asyncio.TimerHandle | None = None
        self._rng = Rng()
        # The engine has these as long as it lives.
        self._io = ClientIo(None, SEND(self._send), EVENT(self._happened))

    @staticmethod
    def _endpoint(typed: str, port: int = SERVER_PORT) -> Endpoint:
        endpoint, why = Endpoint(), Why()
        if not lib.pcp_endpoint_parse(typed.encode(), port, endpoint, why):
            raise why.error()
        return endpoint

    @staticmethod
    def _source(server: Endpoint) -> Endpoint:
        source, why = Endpoint(), Why()
        if not lib.pcp_sock_source(server, source, why):
            raise why.error()
        return source

    # ---- life ----

    async def __aenter__(self) -> Client:
        why = Why()
        self._loop = asyncio.get_running_loop()
        socket = lib.pcp_sock_open(self._config.source, None, why)
        if socket < 0:
            raise why.error()
        self._sockets = [socket]
        announcements = lib.pcp_sock_announcements(self._config.source, why)
        if announcements >= 0:  # another program may hold the port: then a restart is seen later
            self._sockets.append(announcements)
        lib.pcp_rng_system(self._rng)
        self._client = lib.pcp_client_new(self._engine_config, self._rng, self._io)
        if not self._client:
            self._close_sockets()
            raise MemoryError
        self._server: int = lib.pcp_client_add_server(self._client, self._config)
        for fd in self._sockets:
            self._loop.add_reader(fd, self._readable, fd)
        if not self._server:
            self.close()
            raise PcpError("source and server are not of one family")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._client is None:
            return
        if self._timer:
            self._timer.cancel()
        self._close_sockets()
        lib.pcp_client_free(self._client)
        self._client = None
        for future in self._waiting.values():
            future.cancel()
        self._waiting.clear()

    def _close_sockets(self) -> None:
        for fd in self._sockets:
            self._loop.remove_reader(fd)
            os.close(fd)
        self._sockets = []

    # ---- what the engine asks for and is told ----

    @staticmethod
    def _now() -> int:
        return int(lib.pcp_clock_monotonic())

    def _send(self, arg: object, server: object, to: object, octets: object, length: int) -> bool:
        return bool(self._sockets) and bool(lib.pcp_sock_send(self._sockets[0], None, to, octets, length))

    def _happened(self, arg: object, pointer: object) -> None:
        event: ClientEvent = pointer.contents  # type: ignore[attr-defined]
        if event.kind == _MAPPING and self._changed:
            self._loop.call_soon(self._changed, _mapping(event.mapping.contents))
        future = self._waiting.get(event.exchange)
        if not future or future.done() or lib.pcp_client_exchange(self._client, event.exchange):
            return
        if event.kind == _ANSWERED:
            self._loop.call_soon(self._settle, future, Packet(event.octets[:event.len], "response"))
        elif event.kind in (_TIMED_OUT, _CANCELLED, _UNREACHABLE):
            self._loop.call_soon(self._settle, future, NoAnswer((event.reason or b"no answer").decode()))

    @staticmethod
    def _settle(future: asyncio.Future[Packet], outcome: Packet | NoAnswer) -> None:
        """In a turn of its own: who waits goes on after `changed` was told what the answer did to the mapping."""
        if future.done():
            return
        if isinstance(outcome, Packet):
            future.set_result(outcome)
        else:
            future.set_exception(outcome)

    def _readable(self, fd: int) -> None:
        octets, origin, to, what = c.create_string_buffer(EDIT_MAX), Endpoint(), Endpoint(), c.c_char_p()
        while self._client is not None and lib.pcp_sock_error(fd, to, what):
            lib.pcp_client_unreachable(self._client, self._now(), to, what)
        while self._client is not None:
            length = lib.pcp_sock_receive(fd, octets, len(octets), origin, to)
            if length < 0:
                break
            lib.pcp_client_receive(self._client, self._now(), origin, to, octets, length)
        self._plan()

    def _plan(self) -> None:
        """The engine is to be called when something is due; what that is may change with every call into it."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._client is None:
            return
        wait = lib.pcp_client_wait(self._client, self._now())
        if wait >= 0:
            self._timer = self._loop.call_later(wait / 1000, self._tick)

    def _tick(self) -> None:
        if self._client is not None:
            lib.pcp_client_tick(self._client, self._now())
        self._plan()

    # ---- requests ----

    async def _answer(self, exchange: int, why: Why) -> Packet:
        if not exchange:
            raise why.error()
        future: asyncio.Future[Packet] = self._loop.create_future()
        self._waiting[exchange] = future
        self._plan()
        try:
            return await future
        finally:
            self._waiting.pop(exchange, None)
            if future.cancelled() and self._client is not None:
                lib.pcp_client_cancel(self._client, self._now(), exchange)

    def _open(self) -> int:
        if self._client is None:
            raise PcpError("the client is not open: async with Client(...) as client")
        return self._client

    async def send(self, request: Edit | Packet | bytes, *, raw: bool = False) -> Packet:
        """Sends a request and waits for its answer, whatever the result. The client fills in its own address and, where
        it is zero, a nonce; raw: exactly these octets."""
        octets, why = bytes(request), Why()
        asked = ClientRequest(server=self._server, octets=octets, len=len(octets), raw=raw)
        return await self._answer(lib.pcp_client_submit(self._open(), self._now(), asked, why), why)

    async def _granted(self, request: Edit) -> Packet:
        answer = await self.send(request)
        result = answer["header.result"] if answer.protocol == "PCP" else answer["natpmp.result"]
        if result:
            raise Refused(answer, name_of("result", int(result)) or str(result))
        return answer

    def _row(self, opcode: int, protocol: int, internal_port: int, remote: tuple[str, int] | None) -> Mapping:
        for row in self.mappings():
            if (row.opcode, row.protocol, row.internal_port) == (opcode, protocol, internal_port) and (
                    not remote or (row.remote_address, row.remote_port) == remote):
                return row
        raise PcpError("the mapping is gone")

    async def map(self, internal_port: int, external_port: int = 0, protocol: str | int = "tcp", lifetime: int = 7200,
                  options: Dict[str, Dict[str, int | str | bytes]] | None = None) -> Mapping:
        """Opens a port: the mapping as granted, or Refused. options: {"DESCRIPTION": {"text": "web"}}."""
        request = Edit.request("MAP", client=address_text(self._config.source.addr), lifetime=lifetime, fields={
            "map.protocol": protocol, "map.internal_port": internal_port, "map.suggested_external_port": external_port},
            options=options)
        await self._granted(request)
        return self._row(request.packet().opcode, int(request["map.protocol"]), internal_port, None)

    async def peer(self, internal_port: int, external_port: int, protocol: str | int, remote_port: int, remote_address: str,
                   lifetime: int = 7200, options: Dict[str, Dict[str, int | str | bytes]] | None = None) -> Mapping:
        """Describes a flow to a remote peer: the mapping that it has, or Refused."""
        request = Edit.request("PEER", client=address_text(self._config.source.addr), lifetime=lifetime, fields={
            "peer.protocol": protocol, "peer.internal_port": internal_port, "peer.suggested_external_port": external_port,
            "peer.remote_port": remote_port, "peer.remote_address": remote_address}, options=options)
        await self._granted(request)
        return self._row(request.packet().opcode, int(request["peer.protocol"]), internal_port,
                         (str(request["peer.remote_address"]), remote_port))

    async def announce(self) -> Packet:
        return await self._granted(Edit.request("ANNOUNCE", client=address_text(self._config.source.addr)))

    async def get(self, *, next: Dict[str, int | str | bytes] | None = None, **filters: int | str) -> Packet:
        """GET of draft-boucadair-pcp-failure-06, with the fields of its body as filters; next: a NEXT with these fields."""
        return await self._granted(Edit.request(
            "GET", client=address_text(self._config.source.addr), fields={f"get.{key}": value for key, value in filters.items()},
            options=None if next is None else {"NEXT": next}))

    # ---- the table of mappings ----

    def mappings(self) -> list[Mapping]:
        count = lib.pcp_client_nmappings(self._open())
        return [_mapping(lib.pcp_client_mapping_at(self._client, i).contents) for i in range(count)]

    async def renew(self, mapping: Mapping) -> Packet:
        why = Why()
        return await self._answer(lib.pcp_client_renew(self._open(), self._now(), mapping.id, why), why)

    async def delete(self, mapping: Mapping) -> Packet:
        why = Why()
        return await self._answer(lib.pcp_client_delete(self._open(), self._now(), mapping.id, why), why)

    def auto_renew(self, mapping: Mapping, on: bool) -> None:
        if not lib.pcp_client_auto_renew(self._open(), self._now(), mapping.id, on):
            raise PcpError("no such mapping, or not this client's")
        self._plan()
