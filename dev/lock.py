"""Writes the locks: `make lock`, or `make lock ARGS=--upgrade` for newer versions.

Universal (one lock for every system and Python from 3.11 on), hashed, and without a word of where packages come from.
"""

import subprocess
import sys

from dev.processes import ROOT

COMPILE = (
    *("uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
)
# The largest first: the others hold to its versions.
LOCKS = {
    "requirements-dev.txt": ("pyproject.toml", "--group", "dev"),
    "requirements-demo.txt": ("pyproject.toml", "--group", "demo", "--constraint", "requirements-dev.txt"),
    "requirements.txt": ("pyproject.toml", "--constraint", "requirements-dev.txt"),
    "requirements-saml.txt": ("pyproject.toml", "--extra", "saml", "--constraint", "requirements-dev.txt"),
    "requirements-s3.txt": ("pyproject.toml", "--extra", "s3", "--constraint", "requirements-dev.txt"),
    "requirements-setup.txt": ("--group", "pyproject.toml:setup"),
}


def main() -> int:
    for lock, sources in LOCKS.items():
        argv = [sys.executable, "-m", *COMPILE, *sources, *sys.argv[1:], "--output-file", lock]
        if code := subprocess.run(argv, cwd=ROOT, check=False).returncode:
            return code
        print(f"wrote {lock}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
