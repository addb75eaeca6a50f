"""Column habits that several tables share."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, Integer
from sqlalchemy import Uuid as _Uuid

#: UUIDs travel as text; PostgreSQL keeps them native.
Uuid = _Uuid(as_uuid=False)
#: JSON values are written as a whole and never changed in place.
Json = JSON(none_as_null=True)
#: Serial ids; SQLite only counts up by itself for INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")


def words(of: type[StrEnum]) -> Enum:
    """A column of one of the vocabulary's words, checked, without a native type to migrate."""
    values: Any = lambda cls: [word.value for word in cls]  # noqa: E731
    return Enum(of, native_enum=False, values_callable=values, length=32, validate_strings=True)


#: Money in whole đồng: a province's list passes 2^31.
Dong = BigInteger()
