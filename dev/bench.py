"""`make bench`: each benchmark of bench/ in turn, against throw-away servers of its own; each prints JSON lines.

Arguments (`make bench ARGS="--n 5000"`) go to every one of them; a name alone (`ARGS=pages`) picks those to run.
"""

import sys

from dev.processes import ROOT, CannotStart, end_on_signals
from dev.servers import run


def main() -> int:
    end_on_signals()
    there = [path.stem for path in sorted((ROOT / "bench").glob("*.py")) if "__main__" in path.read_text()]
    chosen = [name for name in there if name in sys.argv[1:]]
    arguments = [given for given in sys.argv[1:] if given not in there]
    worst = 0
    for name in chosen or there:
        try:
            worst = max(worst, run([sys.executable, "-m", f"bench.{name}", *arguments]))
        except CannotStart as problem:
            print(f"bench.{name} cannot start: {problem}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
    return worst


if __name__ == "__main__":
    sys.exit(main())
