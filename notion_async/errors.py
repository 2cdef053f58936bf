"""Everything this library raises.

::

    NotionError
    ├── ConfigurationError              what was asked for cannot work; nothing was sent
    │   ├── InvalidIDError              no Notion id in that text
    │   └── MissingExtraError           an optional dependency is not installed
    ├── TransportError                  no whole answer came; `sent` tells whether we spoke
    │   ├── ConnectError                never connected: nothing was sent
    │   ├── ConnectionLostError         the connection broke before the answer was whole
    │   └── RequestTimeoutError         one attempt took longer than its timeout
    ├── DeadlineExceededError           the call, waiting and retries included, took too long
    ├── CircuitOpenError                Notion has been failing; nothing was sent
    ├── ProtocolError                   an answer came that Notion's API does not give
    │   ├── InvalidResponseError        not the JSON it should be
    │   ├── ResponseTooLargeError       larger than the cap
    │   └── UnexpectedRedirectError     a redirect; none is followed
    ├── APIResponseError                Notion answered with an error
    │   ├── ValidationError             the request is wrong
    │   │   └── InvalidCursorError      the cursor is not accepted (any more)
    │   ├── UnauthorizedError           the token is refused
    │   ├── RestrictedResourceError     the connection may not do that
    │   │   └── BlockLimitError         the workspace's block limit is reached
    │   ├── EdgeBlockedError            refused in front of Notion's API
    │   ├── ObjectNotFoundError         no such object, or it is not shared
    │   ├── ConflictError               two writes met
    │   ├── RateLimitedError            the request budget is spent
    │   │   └── RequestBlockedError     access is blocked; waiting does not help
    │   ├── ServiceOverloadError        Notion is overloaded
    │   └── ServerError                 Notion failed
    ├── SessionStreamError              a stream ended before the turn was over
    ├── WriteOutcomeUnknown             a write may or may not have happened
    ├── NotUniqueError                  several rows have a value that should be of one row
    ├── PaginationError                 a listing cannot go on
    │   └── IncompleteResult            a listing ended before its end
    ├── AsyncTaskError                  an asynchronous task failed
    ├── FileUploadError                 a file did not get into Notion
    ├── FileDownloadError               a file was not saved
    └── ExportError                     an export cannot start or go on
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from notion_async.types import JSON

_MESSAGE_LIMIT = 200


class NotionError(Exception):
    """The base of every error of this library.

    Attributes:
        attempts: How many requests were sent for the call.
        elapsed: Seconds the call took, waiting included.
        stop_reason: Why no further attempt was made: ``"not_retryable"``, ``"attempts"``,
            ``"deadline"``, ``"retry_after_too_long"``, ``"quota"`` (too many requests fail for
            retries to help) or ``"breaker"`` (Notion has been failing; it is left alone for a
            moment); None where there was no call.
        request_id: What Notion's support asks for; None where no answer named one.
        ray_id: What names the answer in front of Notion's API; None where no answer did.
    """

    attempts: int = 0
    elapsed: float = 0.0
    stop_reason: str | None = None
    request_id: str | None = None
    ray_id: str | None = None

    def __reduce__(self) -> tuple[object, ...]:
        # Errors with keyword arguments do not pickle by themselves: their __init__ is not
        # called again, message and attributes are put back as they are.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(
    cls: type[NotionError], args: tuple[object, ...], state: dict[str, object]
) -> NotionError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(NotionError, ValueError):
    """What was asked for cannot work.  Nothing was sent; the message names the remedy."""


class InvalidIDError(ConfigurationError):
    """No Notion id in what was given as one."""

    def __init__(self, value: object) -> None:
        shown = repr(value)
        if len(shown) > 80:
            shown = shown[:77] + "…" + shown[0]
        super().__init__(
            f"{shown} is not a Notion id: give the 32 hexadecimal digits (with or without "
            "dashes) at the end of the page's link, or the link itself"
        )


class MissingExtraError(ConfigurationError):
    """An optional dependency is needed that is not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs more packages: pip install 'notion-async[{extra}]'")
        self.extra = extra


class TransportError(NotionError):
    """No whole answer came.

    Attributes:
        sent: Whether any part of the request may have left this machine.
        status: The HTTP status, if the answer came so far.
    """

    def __init__(self, message: str, *, sent: bool, status: int | None = None) -> None:
        super().__init__(message)
        self.sent = sent
        self.status = status


class ConnectError(TransportError):
    """No connection came about (refused, name not found, TLS): nothing was sent.

    Attributes:
        permanent: True where trying again cannot help, as with a certificate that is invalid.
    """

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message, sent=False)
        self.permanent = permanent


class ConnectionLostError(TransportError):
    """The connection broke before the answer was whole."""


class RequestTimeoutError(TransportError, TimeoutError):
    """One attempt took longer than its timeout, reading the body included."""


class DeadlineExceededError(NotionError, TimeoutError):
    """The call took longer than its deadline, queueing, waiting and retries included.

    Attributes:
        sent: Whether any part of a request may have left this machine.
    """

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class CircuitOpenError(NotionError):
    """Notion has been failing for a while, and is left alone for a moment.  Nothing was sent.

    Calls of `Priority.BULK` wait instead.

    Attributes:
        retry_after: Seconds until the next request is let through.
    """

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ProtocolError(NotionError):
    """An answer came that Notion's API does not give.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class InvalidResponseError(ProtocolError):
    """The body is not the JSON it should be."""


class ResponseTooLargeError(ProtocolError):
    """The answer, unpacked, is larger than the cap."""


class UnexpectedRedirectError(ProtocolError):
    """A redirect came.  Notion sends none, and a token follows none."""


class APIResponseError(NotionError):
    """Notion answered with an error.

    Attributes:
        code: Notion's code, one of `APIErrorCode` or newer; empty where the body held none.
        status: The HTTP status.
        request_id: What Notion's support asks for.
        additional_data: What Notion adds: strings and lists of strings.
        retry_after: Seconds Notion asks to wait, or None.
    """

    codes: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str = "",
        request_id: str | None = None,
        additional_data: Mapping[str, str | Sequence[str]] | None = None,
        retry_after: float | None = None,
        ray_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.additional_data = dict(additional_data or {})
        self.retry_after = retry_after
        self.ray_id = ray_id

    def __str__(self) -> str:
        message = self.args[0] if self.args else ""
        text = " ".join(str(message).split())
        if len(text) > _MESSAGE_LIMIT:
            text = text[:_MESSAGE_LIMIT] + "…"
        about = self.code or f"HTTP {self.status}"
        reference = f" (request {self.request_id})" if self.request_id else ""
        return f"{about}: {text}{reference}"


class ValidationError(APIResponseError):
    """Notion says the request is wrong."""

    codes = (
        "validation_error",
        "invalid_json",
        "invalid_request_url",
        "invalid_request",
        "invalid_grant",
        "invalid_beta",
        "missing_version",
    )


class InvalidCursorError(ValidationError):
    """The cursor is not accepted: it has expired, or belongs to another query."""


class UnauthorizedError(APIResponseError):
    """The token is refused: mistyped, expired or revoked."""

    codes = ("unauthorized",)


class RestrictedResourceError(APIResponseError):
    """The connection may not do that: a capability is missing in its settings."""

    codes = ("restricted_resource",)


class BlockLimitError(RestrictedResourceError):
    """The workspace has used up the blocks of its plan."""


class EdgeBlockedError(APIResponseError):
    """The request was refused in front of Notion's API, as by a firewall."""


class ObjectNotFoundError(APIResponseError):
    """There is no such object, or it is not shared with this connection."""

    codes = ("object_not_found",)


class ConflictError(APIResponseError):
    """Two writes met; Notion did neither of the two halfway."""

    codes = ("conflict_error", "row_limit_exceeded")


class RateLimitedError(APIResponseError):
    """The request budget is spent."""

    codes = ("rate_limited",)

    @property
    def reason(self) -> str | None:
        """Which budget: Notion's ``rate_limit_reason``."""
        reason = self.additional_data.get("rate_limit_reason")
        return reason if isinstance(reason, str) else None


class RequestBlockedError(RateLimitedError):
    """Notion has blocked this connection's access.  Waiting does not help; their support does."""


class ServiceOverloadError(APIResponseError):
    """Notion is overloaded and asks to be left alone for a moment."""

    codes = ("service_overload",)


class ServerError(APIResponseError):
    """Notion failed: a status from 500 on."""

    codes = (
        "internal_server_error",
        "bad_gateway",
        "service_unavailable",
        "database_connection_unavailable",
        "gateway_timeout",
    )


class SessionStreamError(NotionError):
    """A stream ended before the turn was over, in Notion's words.

    Attributes:
        code: Notion's code; ``stream.timeout`` where the stream was open for too long.
        retryable: Whether it may be resumed.
        session_id: The session, if it is known yet.
        continue_from: Where to resume; None where nothing had been committed yet.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        retryable: bool = False,
        session_id: str | None = None,
        continue_from: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.session_id = session_id
        self.continue_from = continue_from


class WriteOutcomeUnknown(NotionError):  # noqa: N818 - the name says what is known: nothing
    """A write may or may not have happened; it was not sent again.

    Read before you repeat it.  The cause is what went wrong with the answer.

    Attributes:
        status: The HTTP status, if one was seen.
        additional_data: What Notion said about it, as ids that were committed.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        additional_data: Mapping[str, str | Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.additional_data = dict(additional_data or {})

    @property
    def committed_id(self) -> str | None:
        """What Notion said it has created, or the parent of the blocks."""
        found = self.additional_data.get("committed_resource_id")
        return found if isinstance(found, str) else None

    @property
    def committed_children(self) -> tuple[str, ...]:
        """The blocks that Notion said it has appended, in order."""
        found = self.additional_data.get("committed_child_ids", ())
        return () if isinstance(found, str) else tuple(found)


class NotUniqueError(NotionError):
    """Several rows have the value of a property that was said to be unique.

    Attributes:
        ids: Their ids.
    """

    def __init__(self, message: str, *, ids: Sequence[str]) -> None:
        super().__init__(message)
        self.ids = tuple(ids)


class PaginationError(NotionError):
    """A listing cannot go on: its cursor is missing or does not move."""


class IncompleteResult(PaginationError):  # noqa: N818 - a state of the result, not a mishap
    """A listing ended before its end: Notion cuts a query at 10,000 results.

    Attributes:
        yielded: How many items had been delivered.
        reason: Notion's ``incomplete_reason``.
    """

    def __init__(self, message: str, *, yielded: int, reason: str) -> None:
        super().__init__(message)
        self.yielded = yielded
        self.reason = reason


class AsyncTaskError(NotionError):
    """An asynchronous task failed.

    Attributes:
        task_id: The task.
        code: Notion's code, one of `APIErrorCode` or newer; empty where it gave none.
        status: The HTTP status that the call would have been answered with, or None.
        additional_data: What Notion adds.
    """

    def __init__(
        self,
        message: str,
        *,
        task_id: str = "",
        code: str = "",
        status: int | None = None,
        additional_data: Mapping[str, JSON] | None = None,
    ) -> None:
        super().__init__(message)
        self.task_id = task_id
        self.code = code
        self.status = status
        self.additional_data = dict(additional_data or {})


class FileUploadError(NotionError):
    """A file did not get into Notion: its import failed, it expired, or it was not whole.

    Attributes:
        file_upload_id: The upload.
        type: Notion's ``file_import_result.error.type``, as ``download_error``; or empty.
        code: Notion's code for it; or empty.
    """

    def __init__(
        self, message: str, *, file_upload_id: str = "", type: str = "", code: str = ""
    ) -> None:
        super().__init__(message)
        self.file_upload_id = file_upload_id
        self.type = type
        self.code = code


class FileDownloadError(NotionError):
    """A file was not saved: it cannot be had, or there is no room for it.

    Attributes:
        status: With which HTTP status it was refused; None where it was not.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ExportError(NotionError):
    """An export cannot start or go on; the message names the remedy."""


BY_CODE: dict[str, type[APIResponseError]] = {
    code: cls
    for cls in (
        ValidationError,
        UnauthorizedError,
        RestrictedResourceError,
        ObjectNotFoundError,
        ConflictError,
        RateLimitedError,
        ServiceOverloadError,
        ServerError,
    )
    for code in cls.codes
}
"""The class of an error by Notion's code."""
