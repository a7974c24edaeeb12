"""Reading calendar messages line by line, by RFC 5545 (3.1) alone, so that no library's leniency hides a fault."""

from typing import Any, NamedTuple

import vobject

LIMIT = 75


class Property(NamedTuple):
    within: tuple[str, ...]
    name: str
    parameters: dict[str, str]
    value: str


def properties(content: bytes) -> list[Property]:
    """All of them in their order; fails where a line breaks a rule of the format."""
    assert content.endswith(b"\r\n")
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    lines: list[str] = []
    for raw in physical:
        assert len(raw) <= LIMIT, raw
        line = raw.decode("utf-8")  # No character is cut in two.
        assert line, "an empty line"
        assert not any((ord(c) < 0x20 and c != "\t") or c in "\x7f\x85\u2028\u2029" for c in line), line
        if line.startswith((" ", "\t")):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    found: list[Property] = []
    within: list[str] = []
    for line in lines:
        name, parameters, value = _parts(line)
        if name == "BEGIN":
            within.append(value)
        elif name == "END":
            assert within.pop() == value
        else:
            assert within, line
            found.append(Property(tuple(within), name, parameters, value))
    assert within == []
    return found


def events(content: bytes) -> list[list[Property]]:
    """The properties of each VEVENT."""
    found: list[list[Property]] = []
    for each in properties(content):
        if each.within == ("VCALENDAR", "VEVENT"):
            if each.name == "SUMMARY":  # Written first.
                found.append([])
            found[-1].append(each)
    return found


def only(event: list[Property], name: str) -> Property:
    (found,) = [each for each in event if each.name == name]
    return found


def text_of(value: str) -> str:
    """A TEXT value without its escapes (RFC 5545, 3.3.11)."""
    made, rest = [], iter(value)
    for character in rest:
        if character == "\\":
            escaped = next(rest)
            assert escaped in "\\;,nN"
            character = "\n" if escaped in "nN" else escaped
        else:
            assert character not in ";,", value
        made.append(character)
    return "".join(made)


def second_reader(content: bytes) -> Any:
    """As vobject understands it, which knows a zone by its VTIMEZONE alone, and would keep the last."""
    vars(vobject.icalendar)["__tzidMap"].clear()
    return vobject.readOne(content.decode())


def _parts(line: str) -> tuple[str, dict[str, str], str]:
    """Name, parameters and value: the first colon outside quotes divides them."""
    pieces, quoted, value = [""], False, None
    for position, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif not quoted and character == ":":
            value = line[position + 1 :]
            break
        elif not quoted and character == ";":
            pieces.append("")
            continue
        pieces[-1] += character
    assert value is not None, line
    name, *parameters = pieces
    assert name
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in name), line
    pairs = [each.partition("=") for each in parameters]
    assert len({key for key, _, _ in pairs}) == len(pairs), line
    return name, {key: given.strip('"') for key, _, given in pairs}, value
