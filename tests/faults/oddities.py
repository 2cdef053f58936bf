"""Answers nobody promised: made of a proper one, and wrong or unusual in one way each."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping

from tests.faults.facing import BLOCK, HOME
from tests.faults.strikes import Shape
from tests.faults.wire import Reply, chunks, error, framed, head, in_chunks, packed
from tests.testing.emulated import page

EVIL = json.dumps({**page("evil"), "id": BLOCK}).encode()


def with_headers(*lines: bytes) -> Shape:
    """Return the answer with these lines among its headers, in place of the length."""
    return lambda reply: b"\r\n".join((b"HTTP/1.1 200 OK", *lines, b"", reply.body))


def with_length(*values: str) -> Shape:
    """Return the answer with these lengths; ``n`` is the right one."""

    def shape(reply: Reply) -> bytes:
        right = str(len(reply.body))
        lines = [f"Content-Length: {value.replace('n', right)}".encode() for value in values]
        return with_headers(*lines)(reply)

    return shape


def with_line(line: bytes) -> Shape:
    """Return the answer with this line among its headers."""
    return lambda reply: with_headers(b"Content-Length: %d" % len(reply.body), line)(reply)


def with_status_line(line: bytes) -> Shape:
    return lambda reply: line + b"\r\n" + framed(reply).partition(b"\r\n")[2]


def with_chunks(change: Callable[[bytes], bytes], coding: str = "chunked") -> Shape:
    """Return the answer with this in place of its body, which is said to be in chunks."""
    return lambda reply: head(200, {"Transfer-Encoding": coding}) + change(reply.body)


def with_body(change: Callable[[bytes], bytes], **headers: str) -> Shape:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda reply: framed(Reply(reply.status, change(reply.body), named))


def with_status(status: int) -> Shape:
    return lambda reply: framed(Reply(status, reply.body, reply.headers))


def after(data: bytes) -> Shape:
    """Return the answer, and these bytes in the same breath."""
    return lambda reply: framed(reply) + data


def before(data: bytes) -> Shape:
    return lambda reply: data + framed(reply)


def _one_chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


SURPLUS: Mapping[str, bytes] = {
    "another answer": framed(Reply(200, EVIL)),
    "three of them": framed(Reply(200, EVIL)) * 3,
    "half of one": framed(Reply(200, EVIL))[:60],
    "half a head": framed(Reply(200, EVIL))[:20],
    "garbage": bytes(range(256)),
    "an empty line": b"\r\n",
    "blanks": b" " * 10,
    "interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 2,
}

FRAMES: Mapping[str, Shape] = {
    **{f"surplus: {name}": after(data) for name, data in SURPLUS.items()},
    "surplus after the last chunk": lambda reply: in_chunks(reply) + framed(Reply(200, EVIL)),
    "length twice, the same": with_length("n", "n"),
    "length twice, different": with_length("n", "5"),
    "length twice, in one line": with_length("n, 5"),
    "length below zero": with_length("-5"),
    "length with a sign": with_length("+n"),
    "length too large for anything": with_length("9" * 40),
    "length of hexadecimal digits": with_length("0x10"),
    "length of other digits": with_length("\u0661"),
    "length of nothing": with_length(""),
    "length and chunks": lambda reply: (
        head(200, {"Content-Length": 5, "Transfer-Encoding": "chunked"}) + chunks(reply.body, 9)
    ),
    "chunks said twice": with_chunks(_one_chunk, "chunked, chunked"),
    "an unknown transfer encoding": with_chunks(_one_chunk, "rot13"),
    "a chunk too large for anything": with_chunks(lambda body: b"f" * 40 + b"\r\n" + body),
    "a chunk that wraps around": with_chunks(
        lambda body: b"10000000000000002\r\n" + body[:2] + b"\r\n0\r\n\r\n"
    ),
    "a chunk below zero": with_chunks(lambda body: b"-5\r\n" + body),
    "a chunk without a size": with_chunks(lambda body: b"\r\n" + body),
    "a chunk longer than its size": with_chunks(lambda body: b"5\r\n" + body + b"\r\n0\r\n\r\n"),
    "chunks with extensions": with_chunks(
        lambda body: b'%x;a="b"\r\n%s\r\n0;x\r\n\r\n' % (len(body), body)
    ),
    "an endless extension": with_chunks(lambda _: b"5;" + b"a" * 100_000),
    "trailers": with_chunks(lambda body: _one_chunk(body)[:-2] + b"Status: 500\r\n\r\n"),
    "endless trailers": with_chunks(lambda body: _one_chunk(body)[:-2] + b"A: b\r\n" * 50_000),
    "lines that end with LF": lambda reply: framed(reply).replace(b"\r\n", b"\n"),
    "lines that end with CR": lambda reply: framed(reply).replace(b"\r\n", b"\r"),
}
HEADS: Mapping[str, Shape] = {
    "NUL in a value": with_line(b"X-A: a\0b"),
    "NUL in a name": with_line(b"X\0A: b"),
    "no colon": with_line(b"nonsense"),
    "no name": with_line(b": nonsense"),
    "blank before the colon": with_line(b"Content-Length : 5"),
    "a folded line": with_line(b"X-A: b\r\n c"),
    "bytes above 127": with_line(b"X-A: " + bytes(range(128, 256))),
    "no UTF-8 in what we read": with_line(b"x-notion-request-id: \xff\xfe\r\ncf-ray: \xff"),
    "two thousand headers": with_line(b"\r\n".join(b"X-%d: y" % n for n in range(2000))),
    "a megabyte of header": with_line(b"X-A: " + b"a" * (1 << 20)),
    "HTTP/1.0": with_status_line(b"HTTP/1.0 200 OK"),
    "HTTP/0.9": lambda reply: reply.body,
    "HTTP/2.0": with_status_line(b"HTTP/2.0 200 OK"),
    "HTTP/3": with_status_line(b"HTTP/3 200"),
    "the preface of HTTP/2": before(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "settings of HTTP/2": before(bytes.fromhex("00000c040000000000000300000064000400100000")),
    "another protocol": with_status_line(b"RTSP/1.0 200 OK"),
    "small letters": with_status_line(b"http/1.1 200 ok"),
    "no reason": with_status_line(b"HTTP/1.1 200"),
    "a reason that goes on": with_status_line(b"HTTP/1.1 200 " + b"O" * 100_000),
    "a status of letters": with_status_line(b"HTTP/1.1 2OO OK"),
    "a status of two digits": with_status_line(b"HTTP/1.1 20 OK"),
    "a status of four digits": with_status_line(b"HTTP/1.1 2000 OK"),
    "status 0": with_status_line(b"HTTP/1.1 000 OK"),
    "status 600": with_status_line(b"HTTP/1.1 600 OK"),
    "status 999": with_status_line(b"HTTP/1.1 999 OK"),
    "100 first": before(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "100 a thousand times first": before(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "100 with a length": before(b"HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\nabc"),
    "103 with headers": before(b"HTTP/1.1 103 Early\r\nRetry-After: 5\r\nLink: </x>\r\n\r\n"),
    "199": before(b"HTTP/1.1 199 X\r\n\r\n"),
    "switching protocols": before(
        b"HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    ),
    "an upgrade that is offered": with_line(b"Connection: Upgrade\r\nUpgrade: h2c"),
    "connection: nonsense": with_line(b"Connection: \x7f, close, keep-alive"),
    "blank lines first": before(b"\r\n\r\n"),
}
CODINGS: Mapping[str, Shape] = {
    "gzip cut, in a whole frame": lambda reply: framed(
        Reply(200, packed(reply, "gzip").body[:-12], {"Content-Encoding": "gzip"})
    ),
    "gzip without its end": lambda reply: framed(
        Reply(200, packed(reply, "gzip").body[:-8], {"Content-Encoding": "gzip"})
    ),
    "gzip with a wrong sum": with_body(
        lambda body: gzip.compress(body)[:-8] + bytes(8), Content_Encoding="gzip"
    ),
    "gzip of two members": with_body(
        lambda body: gzip.compress(body[:50]) + gzip.compress(body[50:]), Content_Encoding="gzip"
    ),
    "gzip of a thousand empty members": with_body(
        lambda body: gzip.compress(b"") * 1000 + gzip.compress(body), Content_Encoding="gzip"
    ),
    "gzip with a surplus": with_body(
        lambda body: gzip.compress(body) + b"surplus", Content_Encoding="gzip"
    ),
    "gzip of nothing": with_body(lambda _: b"", Content_Encoding="gzip"),
    "GZIP": with_body(gzip.compress, Content_Encoding="GZIP"),
    "x-gzip": with_body(gzip.compress, Content_Encoding="x-gzip"),
    "gzip that is not said": with_body(gzip.compress),
    "gzip twice, said so": lambda reply: framed(packed(reply, "gzip", "gzip")),
    "br that is none": with_body(bytes, Content_Encoding="br"),
    "zstd that is none": with_body(bytes, Content_Encoding="zstd"),
    "an unknown coding": with_body(bytes, Content_Encoding="rot13"),
    "identity": with_body(bytes, Content_Encoding="identity"),
    "deflate without a head": with_body(
        lambda body: packed(Reply(200, body), "deflate").body[2:-4], Content_Encoding="deflate"
    ),
}
BODIES: Mapping[str, Shape] = {
    "a byte order mark": with_body(lambda body: b"\xef\xbb\xbf" + body),
    "NUL at the end": with_body(lambda body: body + b"\0"),
    "JSON twice": with_body(lambda body: body + body),
    "blanks around it": with_body(lambda body: b" \r\n\t" + body + b"\r\n "),
    "UTF-16": with_body(
        lambda body: body.decode().encode("utf-16"),
        Content_Type="application/json; charset=utf-16",
    ),
    "null": with_body(lambda _: b"null"),
    "a text": with_body(lambda _: b'"page"'),
    "a number": with_body(lambda _: b"1"),
    "an error with a 200": with_body(lambda _: error(500, "internal_server_error").body),
    "NaN": with_body(lambda _: b'{"object":"page","id":NaN}'),
    "half a character": with_body(lambda body: body.replace(b'"home"', b'"\\ud800"')),
    "a byte that is no UTF-8": with_body(lambda body: body.replace(b'"home"', b'"\xff"')),
    "a control character": with_body(lambda body: body.replace(b'"home"', b'"\x01"')),
    "names twice": with_body(lambda body: b'{"id":"x",' + body[1:]),
    "a number with a million digits": with_body(
        lambda body: b'{"n":' + b"9" * 1_000_000 + b"," + body[1:]
    ),
    "an exponent without end": with_body(lambda body: b'{"n":1e999999999,' + body[1:]),
    "depth": with_body(lambda body: b'{"n":' + b"[" * 100_000 + b"]" * 100_000 + b"," + body[1:]),
}
STATUSES: Mapping[str, Shape] = {
    **{f"success {status}": with_status(status) for status in (201, 202, 203, 206, 226, 299)},
    "204 without a body": lambda _: b"HTTP/1.1 204 X\r\n\r\n",
    "204 with a body": with_status(204),
    "205 with a body": with_status(205),
    "205 without a body": lambda _: b"HTTP/1.1 205 X\r\nContent-Length: 0\r\n\r\n",
    "300": with_status(300),
    "304 without a body": lambda _: b"HTTP/1.1 304 X\r\n\r\n",
    "304 with a body": with_status(304),
    "399": with_status(399),
    "402": with_status(402),
    "407": with_status(407),
    "408": with_status(408),
    "411": with_status(411),
    "413": with_status(413),
    "425": with_status(425),
    "426": with_status(426),
    "431": with_status(431),
    "451": with_status(451),
    "499": with_status(499),
    "501": with_status(501),
    "505": with_status(505),
    "511": with_status(511),
}
ANOTHER_KIND: Mapping[str, Shape] = {
    "a list": with_body(lambda _: b"[]"),
    "an empty object": with_body(lambda _: b"{}"),
    "an object of a list": with_body(lambda body: b"[" + body + b"]"),
    "a list object": with_body(lambda body: b'{"object":"list","results":[' + body + b"]}"),
    "a user": with_body(lambda _: b'{"object":"user","id":"%s"}' % HOME.encode()),
    "no id": with_body(lambda _: b'{"object":"page","properties":{}}'),
}
"""JSON, but no page."""
ODD: Mapping[str, Shape] = {**FRAMES, **HEADS, **CODINGS, **BODIES, **STATUSES}
