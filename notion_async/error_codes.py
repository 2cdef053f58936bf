"""Notion's codes of errors.

Notion's page: https://developers.notion.com/reference/status-codes
"""

from __future__ import annotations

import enum


class APIErrorCode(enum.StrEnum):
    """The codes of errors Notion documents.  Others may come: `APIResponseError.code` is a str."""

    INVALID_JSON = "invalid_json"
    INVALID_REQUEST_URL = "invalid_request_url"
    INVALID_REQUEST = "invalid_request"
    INVALID_GRANT = "invalid_grant"
    INVALID_BETA = "invalid_beta"
    VALIDATION_ERROR = "validation_error"
    MISSING_VERSION = "missing_version"
    UNAUTHORIZED = "unauthorized"
    RESTRICTED_RESOURCE = "restricted_resource"
    OBJECT_NOT_FOUND = "object_not_found"
    CONFLICT_ERROR = "conflict_error"
    ROW_LIMIT_EXCEEDED = "row_limit_exceeded"
    RATE_LIMITED = "rate_limited"
    INTERNAL_SERVER_ERROR = "internal_server_error"
    BAD_GATEWAY = "bad_gateway"
    SERVICE_UNAVAILABLE = "service_unavailable"
    DATABASE_CONNECTION_UNAVAILABLE = "database_connection_unavailable"
    GATEWAY_TIMEOUT = "gateway_timeout"
    SERVICE_OVERLOAD = "service_overload"

    # The same as the official clients name them.
    InvalidJSON = INVALID_JSON
    InvalidRequestURL = INVALID_REQUEST_URL
    InvalidRequest = INVALID_REQUEST
    ValidationError = VALIDATION_ERROR
    Unauthorized = UNAUTHORIZED
    RestrictedResource = RESTRICTED_RESOURCE
    ObjectNotFound = OBJECT_NOT_FOUND
    ConflictError = CONFLICT_ERROR
    RateLimited = RATE_LIMITED
    InternalServerError = INTERNAL_SERVER_ERROR
    ServiceUnavailable = SERVICE_UNAVAILABLE
    GatewayTimeout = GATEWAY_TIMEOUT
