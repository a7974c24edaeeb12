"""What a process of an installation is, by how it was started."""

from collections.abc import Sequence
from pathlib import PurePath


def kind_of_process(argv: Sequence[str]) -> str:
    """`best-stuff web`, `worker`, `beat`, or the name of the command: what PostgreSQL lists its connections by."""
    program, *arguments = argv or [""]
    path = PurePath(program)
    name = path.parent.name if path.name == "__main__.py" else path.stem
    if name == "manage":
        kind = arguments[0] if arguments else "manage.py"
    elif name == "celery":
        kind = next((each for each in arguments if each in {"worker", "beat"}), "celery")
    elif name in {"gunicorn", "granian"}:
        kind = "web"
    else:
        kind = name or "other"
    return f"best-stuff {kind}"[:63]
