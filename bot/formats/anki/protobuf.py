"""Just enough of protobuf to read the few messages that Anki keeps in its files."""

from collections.abc import Iterator

Value = int | bytes


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """Number and value of each field of a message, in order. Raises ValueError where it is damaged."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        value: Value
        match key & 7:
            case 0:
                value, at = _varint(data, at)
            case 1:
                value, at = _cut(data, at, 8)
            case 2:
                size, at = _varint(data, at)
                value, at = _cut(data, at, size)
            case 5:
                value, at = _cut(data, at, 4)
            case wire:
                raise ValueError(f"wire type {wire}")
        yield key >> 3, value


def last(data: bytes, number: int) -> Value | None:
    """The last value of a field, which is the one that counts; None where there is none."""
    found = None
    for one, value in fields(data):
        found = value if one == number else found
    return found


def text(data: bytes, number: int) -> str:
    value = last(data, number)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def number(data: bytes, field: int) -> int:
    value = last(data, field)
    return value if isinstance(value, int) else 0


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("a number that does not end")


def _cut(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if at + size > len(data):
        raise ValueError("a field that goes beyond the end")
    return data[at : at + size], at + size
