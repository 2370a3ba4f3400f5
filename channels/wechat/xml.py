"""Reading the small XML documents that WeChat posts. No document type, no entities, no surprises.

wechatpy's own parser raises whatever its parts raise and knows fewer kinds of messages; its crypto and its
replies are used (`crypto.py`, `render.py`).
"""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

_MAX_DEPTH = 8
_MAX_FIELDS = 200


class MalformedXml(ValueError):
    """Not the XML of a WeChat message."""


def read_fields(document: str | bytes) -> dict[str, str]:
    """The texts of the elements inside `<xml>`, by name; deeper ones by path (`ScanCodeInfo.ScanResult`).

    Of repeated deeper elements the last counts; a repeated one directly inside `<xml>` is malformed.
    Documents with a document type are refused, and with it every kind of entity (expansion, external files).
    """
    if isinstance(document, bytes):
        try:
            document = document.decode("utf-8")
        except UnicodeDecodeError:
            raise MalformedXml("not UTF-8") from None
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(document.encode("utf-8"), True)
    except expat.ExpatError as broken:
        raise MalformedXml(f"not XML: {expat.ErrorString(broken.code)}") from None
    except UnicodeEncodeError:
        raise MalformedXml("not UTF-8") from None
    return reader.fields


def _refuse(*_: object) -> NoReturn:
    raise MalformedXml("a document type has no place here")


class _Reader:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._path and name != "xml":
            raise MalformedXml("the root is not <xml>")
        self._path.append(name)
        self._text = []
        if len(self._path) > _MAX_DEPTH:
            raise MalformedXml("too deep")

    def characters(self, text: str) -> None:
        self._text.append(text)

    def end(self, _name: str) -> None:
        inside = self._path[1:]
        self._path.pop()
        if not inside:
            return
        name = ".".join(inside)
        if len(inside) == 1 and name in self.fields:
            raise MalformedXml("an element twice")
        self.fields[name] = "".join(self._text).strip()
        self._text = []
        if len(self.fields) > _MAX_FIELDS:
            raise MalformedXml("too many elements")
