"""What options take: the types of their values."""

from __future__ import annotations

import os

import click


class ModelFile(click.ParamType):
    """The path of a model; its digest goes into the signature."""

    name = "file"


class DataFile(click.ParamType):
    """The path of a data file ("-" is standard input)."""

    name = "file"


class Percentage(click.ParamType):
    """A share of the input, such as 25% or 12.5%, as an exact fraction."""

    name = "percent"

    def convert(self, value, param, ctx):
        from fractions import Fraction

        try:
            share = Fraction(str(value).removesuffix("%")) / 100
        except (ValueError, ZeroDivisionError):
            share = Fraction(-1)
        if not str(value).endswith("%") or not 0 <= share <= 1:
            self.fail(f"'{value}' is not a percentage from 0% to 100%", param, ctx)
        return share


def checked_utf8(kind: click.ParamType, value: str, param, ctx) -> str:
    """The value, or a usage error where it is not UTF-8."""
    try:
        value.encode()
    except UnicodeEncodeError:
        kind.fail(f"{os.fsencode(value)!r} is not valid UTF-8", param, ctx)
    return value


class Number(click.ParamType):
    """A number to compare others with: a float, or where that has not all of its digits numpy's longdouble."""

    name = "float"

    def convert(self, value, param, ctx):
        text = str(value).strip()
        if text.removeprefix("-").isdecimal() and text.isascii() and abs(float(text)) >= 2**53:
            from numpy import longdouble

            return longdouble(text)
        return click.FLOAT.convert(value, param, ctx)


class FieldNumber(click.ParamType):
    """FIELD=X, as a pair: a number field, and the floor or the weight that it has."""

    name = "field=number"

    def convert(self, value, param, ctx):
        field, _, amount = value.rpartition("=")
        try:
            number = Number().convert(amount, param, ctx)
        except click.BadParameter:
            number = float("nan")
        if not field or not abs(number) < float("inf"):
            self.fail(f"'{value}' is not FIELD=NUMBER", param, ctx)
        return checked_utf8(self, field, param, ctx), number


class Columns(click.ParamType):
    """NAME,NAME,...: the columns of tab-separated input."""

    name = "columns"

    def convert(self, value, param, ctx):
        names = tuple(value.split(",")) if isinstance(value, str) else value
        if not all(names) or len(set(names)) < len(names):
            self.fail(f"'{value}' is not NAME,NAME,... (names that differ)", param, ctx)
        for name in names:
            checked_utf8(self, name, param, ctx)
        return names


class Utf8(click.ParamType):
    """Text that is UTF-8."""

    name = "text"

    def convert(self, value, param, ctx):
        return checked_utf8(self, value, param, ctx)


class FieldPair(click.ParamType):
    """OLD=NEW, as a pair: a field and the name that it gets."""

    name = "old=new"

    def convert(self, value, param, ctx):
        old, equals, new = value.rpartition("=")
        if not equals or not new:
            self.fail(f"'{value}' is not OLD=NEW", param, ctx)
        return checked_utf8(self, old, param, ctx), checked_utf8(self, new, param, ctx)


class FieldFile(click.ParamType):
    """FIELD=FILE, as a pair: a field and where it is written to."""

    name = "field=file"

    def convert(self, value, param, ctx):
        field, _, path = value.partition("=")
        if not field or not path:
            self.fail(f"'{value}' is not FIELD=FILE", param, ctx)
        return checked_utf8(self, field, param, ctx), path


class FieldName(click.ParamType):
    """The name of a record's field."""

    name = "field"

    def convert(self, value, param, ctx):
        if not value:
            self.fail("a field has a name", param, ctx)
        return checked_utf8(self, value, param, ctx)


class Symbols(click.ParamType):
    """WORD,WORD,...: words that are pieces of their own."""

    name = "symbols"

    def convert(self, value, param, ctx):
        words = value.split(",") if isinstance(value, str) else list(value)
        if not all(word and not set(word) & set(" \t\n\r\v\f\u2581") for word in words) or len(set(words)) < len(words):
            self.fail(f"'{value}' is not WORD,WORD,... (words that differ, without spaces)", param, ctx)
        return tuple(words)


class Layers(click.ParamType):
    """N,M: layers of the encoder and of the decoder."""

    name = "layers"

    def convert(self, value, param, ctx):
        parts = str(value).split(",")
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() and 1 <= int(part) <= 24 for part in parts):
            self.fail(f"'{value}' is not N,M (1 to 24 each)", param, ctx)
        return str(value)


MODEL, DATA, FIELD = ModelFile(), DataFile(), FieldName()
