"""The async Python SDK for the Notion API.

>>> from notion_async import AsyncClient
"""

from notion_async import models
from notion_async.client import AsyncClient
from notion_async.converters import converter, json_text, structure, unstructure
from notion_async.errors import (
    APIErrorCode,
    APIResponseError,
    BlockLimitError,
    ConfigurationError,
    ConflictError,
    ConnectError,
    ConnectionLostError,
    DeadlineExceededError,
    EdgeBlockedError,
    ExportError,
    IncompleteResult,
    InvalidCursorError,
    InvalidIDError,
    InvalidResponseError,
    MissingExtraError,
    NotionError,
    ObjectNotFoundError,
    PaginationError,
    ProtocolError,
    RateLimitedError,
    RequestBlockedError,
    RequestTimeoutError,
    ResponseTooLargeError,
    RestrictedResourceError,
    ServerError,
    ServiceOverloadError,
    TransportError,
    UnauthorizedError,
    UnexpectedRedirectError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.ids import notion_id
from notion_async.models import ObjectList, Unsupported, plain_text, text
from notion_async.pagination import Pager
from notion_async.transport.hooks import AttemptRecord, CallRecord, log_hook
from notion_async.transport.limiter import Limiter, Priority, TokenBucket
from notion_async.transport.retry import RetryPolicy
from notion_async.types import JSON, UNSET, JSONObject, Maybe
from notion_async.version import __version__

__all__ = [
    "JSON",
    "UNSET",
    "APIErrorCode",
    "APIResponseError",
    "AsyncClient",
    "AttemptRecord",
    "BlockLimitError",
    "CallRecord",
    "ConfigurationError",
    "ConflictError",
    "ConnectError",
    "ConnectionLostError",
    "DeadlineExceededError",
    "EdgeBlockedError",
    "ExportError",
    "IncompleteResult",
    "InvalidCursorError",
    "InvalidIDError",
    "InvalidResponseError",
    "JSONObject",
    "Limiter",
    "Maybe",
    "MissingExtraError",
    "NotionError",
    "ObjectList",
    "ObjectNotFoundError",
    "Pager",
    "PaginationError",
    "Priority",
    "ProtocolError",
    "RateLimitedError",
    "RequestBlockedError",
    "RequestTimeoutError",
    "ResponseTooLargeError",
    "RestrictedResourceError",
    "RetryPolicy",
    "ServerError",
    "ServiceOverloadError",
    "TokenBucket",
    "TransportError",
    "UnauthorizedError",
    "UnexpectedRedirectError",
    "Unsupported",
    "ValidationError",
    "WriteOutcomeUnknown",
    "__version__",
    "converter",
    "json_text",
    "log_hook",
    "models",
    "notion_id",
    "plain_text",
    "structure",
    "text",
    "unstructure",
]
