"""What is refused before anything of a workbook is parsed, and the parts of one that is not. Pure.

A workbook is a zip of XML parts; what it says of its own sizes is checked while it is unpacked: zipfile
gives no more of a part than the directory promised, and tells when that was not all.
"""

import io
import re
import zlib
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from survey.workbook.table import MAX_BYTES, BadFile

MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_PARTS = 1_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and any workbook with a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DAMAGED = (BadZipFile, zlib.error, EOFError, ValueError, OSError)


class Package:
    """The parts of a workbook that may be read, each proven to be plain XML first."""

    def __init__(self, data: bytes):
        if data.startswith(OLE):
            raise BadFile("encrypted" if ENCRYPTED in data else "xls")
        try:
            self._zip = ZipFile(io.BytesIO(data))
        except DAMAGED as error:
            raise BadFile("truncated") from error
        infos = self._zip.infolist()
        self._parts = {_path(info.filename): info for info in infos}
        _check_sizes(infos, len(data))
        if len(self._parts) != len(infos):  # two parts of one name: which one is meant?
            raise BadFile("unreadable")
        self._read = self._read_all()
        self._check_kind()

    def xml(self, path: str) -> bytes:
        """A part that is well-formed UTF-8 without DTD, comments or CDATA: each "<" in it begins a tag.

        And each tag that ends something is "</name>" and no more.
        """
        data = self._read.pop(path.lower(), None)
        if data is None:
            raise BadFile("unreadable")
        _prove(data)
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data

    def _bytes(self, info: ZipInfo) -> bytes:
        try:
            return self._zip.read(info)
        except DAMAGED as error:
            raise BadFile("truncated") from error
        except (NotImplementedError, RuntimeError) as error:  # a way of packing that Excel does not use
            raise BadFile("unreadable") from error

    def _check_kind(self) -> None:
        if "mimetype" in self._parts and "content.xml" in self._parts:
            raise BadFile("ods")
        if "xl/workbook.bin" in self._parts:
            raise BadFile("xlsb")
        if "[content_types].xml" not in self._parts:
            raise BadFile("not_a_workbook")
        types = self.xml("[Content_Types].xml").lower()
        if b"spreadsheetml" not in types and b"macroenabled" not in types:
            raise BadFile("not_a_workbook")
        named = any(path.endswith("vbaproject.bin") for path in self._parts)
        if named or re.search(rb"macroenabled|vbaproject|macrosheet", types):
            raise BadFile("macros")
        linked = any(path.startswith("xl/externallinks/") for path in self._parts)
        if linked or re.search(rb"externallink|connections\+xml|querytable", types):
            raise BadFile("external_links")

    def _read_all(self) -> dict[str, bytes]:
        """All XML; a DTD is refused also in what is never parsed here, for another program might."""
        read = {}
        for path, info in self._parts.items():
            if path.endswith((".xml", ".rels", ".vml")):
                read[path] = self._bytes(info)
                if re.search(rb"<!(DOCTYPE|ENTITY)", read[path]):
                    raise BadFile("dtd")
        return read


def check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise BadFile("too_large")
    if size == 0:
        raise BadFile("empty")


def _path(name: str) -> str:
    """Names of parts do not tell capitals from small letters."""
    return name.replace("\\", "/").lstrip("/").lower()


def _check_sizes(infos: list[ZipInfo], packed: int) -> None:
    if len(infos) > MAX_PARTS:
        raise BadFile("not_a_workbook")
    if any(info.flag_bits & 1 for info in infos):
        raise BadFile("encrypted")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED:
        raise BadFile("unpacked")
    if unpacked > MAX_RATIO * packed:
        raise BadFile("compression")


def _prove(data: bytes) -> None:
    """Raises unless expat reads it to the end and nothing in it but tags begins with "<".

    "</name >" is XML too, but nobody writes it, and what looks for "</name>" would miss it.
    """

    def refuse(*args):
        raise BadFile("unreadable")

    def declared(version, encoding, standalone):
        if encoding and encoding.lower() != "utf-8":
            raise BadFile("unreadable")

    if b"\x00" in data:  # UTF-16, in which no tag would be found
        raise BadFile("unreadable")
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = declared
    parser.CommentHandler = refuse
    parser.StartCdataSectionHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadFile("unreadable") from error
    if re.search(rb"</[^\s>]*\s", data):
        raise BadFile("unreadable")
