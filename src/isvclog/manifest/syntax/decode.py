"""Bytes decoded to text, with checks of byte order marks, other encodings, binary files and limits."""

import codecs

from isvclog.manifest.syntax.parse_error import BINARY, MISENCODED, OVERSIZED, ParseError

MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
"""The limit for one document, which is in memory as nodes and as data. A list of ten thousand services is smaller."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_REMEDY = "Save it as UTF-8."


def to_utf8(data: bytes) -> bytes:
    """Convert a file to UTF-8 without byte order mark.

    The result is exact for UTF-8 and for valid UTF-16, and good enough for a search otherwise.
    """
    if data.startswith(codecs.BOM_UTF8):
        return data[len(codecs.BOM_UTF8) :]
    if data.startswith(_UTF32):
        return data.decode("utf-32", "replace").encode("utf-8", "replace")
    if data.startswith(_UTF16):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def check_file(original: bytes, utf8: bytes) -> None:
    """Raise ParseError, with an offset into the UTF-8 text, if a file as a whole cannot be a manifest."""
    if original.startswith(_UTF32):
        raise ParseError(MISENCODED, "This file is UTF-32, which YAML does not allow.", _REMEDY)
    if original.startswith(_UTF16):
        try:
            original.decode("utf-16")
        except UnicodeDecodeError:
            raise ParseError(
                MISENCODED, "This file has the byte order mark of UTF-16, but it is not UTF-16.", _REMEDY
            ) from None
    if (zero := utf8.find(0)) >= 0:
        message = "This file is not text: it contains a zero byte, so isvclog does not read it."
        offset = len(utf8[:zero].decode(errors="replace"))
        raise ParseError(BINARY, message, "Pass only manifests, or remove the byte.", offset)


def check_document(data: bytes) -> None:
    """Raise ParseError, with an offset into the text, if a document is too large or is not UTF-8."""
    if len(data) > MAX_DOCUMENT_BYTES:
        message = f"This document is larger than {MAX_DOCUMENT_BYTES >> 20} MiB, so it is not read."
        raise ParseError(OVERSIZED, message, "Split it into several documents, or a list into several lists.")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        message = "kubectl cannot read this document: it is not UTF-8 here."
        raise ParseError(MISENCODED, message, _REMEDY, len(data[: error.start].decode())) from None
