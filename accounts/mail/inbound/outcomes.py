"""What can become of any e-mail that comes in, in a word for the log. Each inbox has words of its own besides."""

from enum import StrEnum


class Common(StrEnum):
    OFF = "inbound mail is off"
    TOO_BIG = "too big"
    LOOP = "going round in circles"
    ASIDE = "put aside, since we tripped over it"
    NOBODYS = "to an address that nobody has"
