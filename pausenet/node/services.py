"""The services of a node as raw-bytes handlers: every parse happens inside, behind the reception.

Handlers that leave parsing to gRPC answer malformed protobuf with the parser's own words and
the wrong status; here it is `INVALID_ARGUMENT` with a fixed text, also for health and reflection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final

import grpc
from google.protobuf.message import DecodeError
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_reflection.v1alpha._async import ReflectionServicer

from pausenet.errors import PausenetError
from pausenet.node.log_reader import LogReader, NotHeld, answer
from pausenet.node.permissions import EVERYBODY, STREAM_ROLES
from pausenet.node.reception import Context, Reception
from pausenet.node.ways import LOG
from pausenet.protocol.messages import Refusal
from pausenet.protocol.register import Member
from pausenet.wire import queries
from pausenet.wire.queries import Query
from pausenet.wire.status import Denial, Reason, reason_of
from pausenet.wire.v1 import log_pb2, publication_pb2, verification_pb2

OPEN_KEY: Final = "pausenet-open"
"""The header of a stream that has been admitted; a refused one has none."""

Talk = Callable[[Member, Context], Awaitable[Reason | None]]
"""Holds one admitted stream until it ends; the reason if it must end with a refusal."""

_SERVICES: Final = (
    publication_pb2.DESCRIPTOR.services_by_name["Publication"],
    verification_pb2.DESCRIPTOR.services_by_name["Verification"],
    log_pb2.DESCRIPTOR.services_by_name["Log"],
    health_pb2.DESCRIPTOR.services_by_name["Health"],
    reflection_pb2.DESCRIPTOR.services_by_name["ServerReflection"],
)


class Doors(grpc.GenericRpcHandler):  # type: ignore[misc, unused-ignore]  # some stubs have no such base
    """Every method of this node, by its full name; any other is UNIMPLEMENTED."""

    def __init__(self, *, reception: Reception, reader: LogReader | None, talk: Talk) -> None:
        self._reception, self._reader, self._talk = reception, reader, talk
        self._doors: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}
        for method in STREAM_ROLES:
            self._doors[method] = grpc.stream_stream_rpc_method_handler(self._stream(method))
        for kind in queries.QUERY_KINDS:
            method = queries.method_of(kind)
            self._doors[method] = grpc.unary_unary_rpc_method_handler(self._query(method, kind))
        self.health = health.aio.HealthServicer()
        names = tuple(service.full_name for service in _SERVICES)
        for method, handler in _standard_handlers(self.health, names).items():
            self._doors[method] = self._guarded(method, handler)

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """The handler of a method; None where there is no such method."""
        return self._doors.get(handler_call_details.method)

    def _stream(self, method: str) -> Callable[[object, Context], Awaitable[None]]:
        async def behaviour(_requests: object, context: Context) -> None:
            caller = await self._reception.admit(context, method, STREAM_ROLES[method])
            try:
                await context.send_initial_metadata(((OPEN_KEY, "1"),))
                reason = await self._talk(caller, context)
            finally:
                self._reception.leave(caller)
            if reason is not None:
                retry_ms = self._reception.retry_ms(caller)
                await self._reception.refuse(context, method, caller.id, reason, retry_ms)

        return behaviour

    def _query(
        self, method: str, kind: type[Query]
    ) -> Callable[[bytes, Context], Awaitable[bytes]]:
        async def behaviour(data: bytes, context: Context) -> bytes:
            caller = await self._reception.admit(context, method, EVERYBODY)
            try:
                return queries.encode_answer(
                    kind, answer(queries.decode_query(kind, data), self._reader)
                )
            except NotHeld:
                reason: Reason = Denial.NOT_HELD
            except PausenetError as error:
                reason = reason_of(error)
            except Exception:
                LOG.exception("a query of %s broke this node", caller.id)
                reason = Denial.INTERNAL
            finally:
                self._reception.leave(caller)
            return await self._reception.refuse(context, method, caller.id, reason)

        return behaviour

    def _guarded(
        self, method: str, handler: grpc.RpcMethodHandler[Any, Any]
    ) -> grpc.RpcMethodHandler[Any, Any]:
        """A standard service's handler behind the reception, its requests parsed inside."""
        read, write = handler.request_deserializer, handler.response_serializer
        behaviour: Any = handler.unary_unary or handler.unary_stream or handler.stream_stream
        assert read is not None

        async def parsed(data: bytes, caller: Member, context: Context) -> Any:
            try:
                return read(data)
            except DecodeError:
                await self._reception.refuse(context, method, caller.id, Refusal.MALFORMED)

        async def unary(data: bytes, context: Context) -> Any:
            caller = await self._reception.admit(context, method, EVERYBODY)
            try:
                request = await parsed(data, caller, context)
                return await behaviour(request, context)
            finally:
                self._reception.leave(caller)

        async def stream(requests: AsyncIterator[bytes], context: Context) -> AsyncIterator[Any]:
            caller = await self._reception.admit(context, method, EVERYBODY)

            async def inner() -> AsyncIterator[Any]:
                async for data in requests:
                    yield await parsed(data, caller, context)

            try:
                async for response in behaviour(inner(), context):
                    yield response
            finally:
                self._reception.leave(caller)

        if handler.unary_unary is not None:
            return grpc.unary_unary_rpc_method_handler(unary, response_serializer=write)
        if handler.unary_stream is not None:
            return grpc.unary_stream_rpc_method_handler(unary, response_serializer=write)
        return grpc.stream_stream_rpc_method_handler(stream, response_serializer=write)


class _Collector:
    """Stands where a server would, and keeps the handlers that a standard service adds to it."""

    def __init__(self) -> None:
        self.handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}

    def add_generic_rpc_handlers(self, _handlers: object) -> None:
        """Standard services register twice; the other way is enough."""

    def add_registered_method_handlers(
        self, service: str, handlers: Mapping[str, grpc.RpcMethodHandler[Any, Any]]
    ) -> None:
        for name, handler in handlers.items():
            self.handlers[f"/{service}/{name}"] = handler


def _standard_handlers(
    servicer: health.aio.HealthServicer, names: tuple[str, ...]
) -> dict[str, grpc.RpcMethodHandler[Any, Any]]:
    """The handlers of grpc.health.v1 and of reflection, by full method name."""
    collector: Any = _Collector()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, collector)
    add_reflection: Any = reflection_pb2_grpc.add_ServerReflectionServicer_to_server
    add_reflection(ReflectionServicer(names), collector)
    found: dict[str, grpc.RpcMethodHandler[Any, Any]] = collector.handlers
    return found
