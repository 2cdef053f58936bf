"""The async Python SDK for the Notion API.

>>> from notion_async import AsyncClient
"""

from importlib import import_module
from typing import TYPE_CHECKING

from notion_async.client import AsyncClient
from notion_async.error_codes import APIErrorCode
from notion_async.errors import (
    APIResponseError,
    AsyncTaskError,
    BlockLimitError,
    CircuitOpenError,
    ConfigurationError,
    ConflictError,
    ConnectError,
    ConnectionLostError,
    DeadlineExceededError,
    EdgeBlockedError,
    ExportError,
    FileDownloadError,
    FileUploadError,
    IncompleteResult,
    InvalidCursorError,
    InvalidIDError,
    InvalidResponseError,
    MissingExtraError,
    NotionError,
    NotUniqueError,
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
    SessionStreamError,
    TransportError,
    UnauthorizedError,
    UnexpectedRedirectError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.ids import notion_id
from notion_async.transport.hooks import AttemptRecord, CallRecord, log_hook
from notion_async.transport.limiter import Limiter, Priority, TokenBucket
from notion_async.transport.retry import RetryPolicy
from notion_async.types import JSON, UNSET, JSONObject, Maybe
from notion_async.version import __version__

if TYPE_CHECKING:
    from notion_async import models
    from notion_async.converters import (
        converter,
        json_text,
        structure,
        unstructure,
    )
    from notion_async.models import (
        DateSpan,
        Filter,
        ObjectList,
        Row,
        Sort,
        Unsupported,
        equation,
        mention,
        plain_text,
        prop,
        text,
        timestamp,
        to_arrow,
    )
    from notion_async.pagination import (
        Pager,
    )
    from notion_async.porting import (
        async_collect_data_source_templates,
        async_collect_paginated_api,
        async_iterate_data_source_templates,
        async_iterate_paginated_api,
        collect_all_data_source_rows,
        collect_data_source_templates,
        collect_paginated_api,
        extract_block_id,
        extract_database_id,
        extract_notion_id,
        extract_page_id,
        is_full_block,
        is_full_comment,
        is_full_data_source,
        is_full_database,
        is_full_page,
        is_full_page_or_data_source,
        is_full_user,
        is_full_view,
        iterate_all_data_source_rows,
        iterate_data_source_templates,
        iterate_paginated_api,
    )
    from notion_async.resources._scan import (
        Scan,
    )
    from notion_async.resources._session_stream import (
        SessionStream,
    )
    from notion_async.webhooks import (
        read_webhook,
        sign_webhook_payload,
        verify_webhook_signature,
    )

__all__ = [
    "JSON",
    "UNSET",
    "APIErrorCode",
    "APIResponseError",
    "AsyncClient",
    "AsyncTaskError",
    "AttemptRecord",
    "BlockLimitError",
    "CallRecord",
    "CircuitOpenError",
    "ConfigurationError",
    "ConflictError",
    "ConnectError",
    "ConnectionLostError",
    "DateSpan",
    "DeadlineExceededError",
    "EdgeBlockedError",
    "ExportError",
    "FileDownloadError",
    "FileUploadError",
    "Filter",
    "IncompleteResult",
    "InvalidCursorError",
    "InvalidIDError",
    "InvalidResponseError",
    "JSONObject",
    "Limiter",
    "Maybe",
    "MissingExtraError",
    "NotUniqueError",
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
    "Row",
    "Scan",
    "ServerError",
    "ServiceOverloadError",
    "SessionStream",
    "SessionStreamError",
    "Sort",
    "TokenBucket",
    "TransportError",
    "UnauthorizedError",
    "UnexpectedRedirectError",
    "Unsupported",
    "ValidationError",
    "WriteOutcomeUnknown",
    "__version__",
    "async_collect_data_source_templates",
    "async_collect_paginated_api",
    "async_iterate_data_source_templates",
    "async_iterate_paginated_api",
    "collect_all_data_source_rows",
    "collect_data_source_templates",
    "collect_paginated_api",
    "converter",
    "equation",
    "extract_block_id",
    "extract_database_id",
    "extract_notion_id",
    "extract_page_id",
    "is_full_block",
    "is_full_comment",
    "is_full_data_source",
    "is_full_database",
    "is_full_page",
    "is_full_page_or_data_source",
    "is_full_user",
    "is_full_view",
    "iterate_all_data_source_rows",
    "iterate_data_source_templates",
    "iterate_paginated_api",
    "json_text",
    "log_hook",
    "mention",
    "models",
    "notion_id",
    "plain_text",
    "prop",
    "read_webhook",
    "sign_webhook_payload",
    "structure",
    "text",
    "timestamp",
    "to_arrow",
    "unstructure",
    "verify_webhook_signature",
]

# Imported when they are first used: the classes of all objects take as long to set up as the rest.
_LATER = {
    "converters": (
        "converter",
        "json_text",
        "structure",
        "unstructure",
    ),
    "models": (
        "Row",
        "to_arrow",
        "DateSpan",
        "Filter",
        "ObjectList",
        "Sort",
        "Unsupported",
        "equation",
        "mention",
        "plain_text",
        "prop",
        "text",
        "timestamp",
    ),
    "pagination": ("Pager",),
    "resources._scan": ("Scan",),
    "porting": (
        "async_collect_data_source_templates",
        "async_collect_paginated_api",
        "async_iterate_data_source_templates",
        "async_iterate_paginated_api",
        "collect_all_data_source_rows",
        "collect_data_source_templates",
        "collect_paginated_api",
        "extract_block_id",
        "extract_database_id",
        "extract_notion_id",
        "extract_page_id",
        "is_full_block",
        "is_full_comment",
        "is_full_data_source",
        "is_full_database",
        "is_full_page",
        "is_full_page_or_data_source",
        "is_full_user",
        "is_full_view",
        "iterate_all_data_source_rows",
        "iterate_data_source_templates",
        "iterate_paginated_api",
    ),
    "resources._session_stream": ("SessionStream",),
    "webhooks": (
        "read_webhook",
        "sign_webhook_payload",
        "verify_webhook_signature",
    ),
}
_WHERE = {name: module for module, names in _LATER.items() for name in names}


if not TYPE_CHECKING:  # a type checker shall report a name that is not there

    def __getattr__(name: str) -> object:
        if name == "models":
            return import_module("notion_async.models")
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"notion_async.{_WHERE[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
