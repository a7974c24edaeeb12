"""Variables of the environment as they stand. Knows no Django, and reads no environment: it is handed one."""

from collections.abc import Iterator, Mapping


class Literal(Mapping[str, str]):
    """For django-environ, with its `escape_proxy` on: to it a value that begins with `$` is the name of another
    variable, unless a backslash stands before. So each `$` gets one, which it takes away again; passwords that begin
    with a `$` are what they are. A live view."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def __getitem__(self, name: str) -> str:
        return self._environment[name].replace("$", r"\$")

    def __iter__(self) -> Iterator[str]:
        return iter(self._environment)

    def __len__(self) -> int:
        return len(self._environment)
