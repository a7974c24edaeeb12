"""The review board of a run: what its pages show, and what a change would do. It asks; actions/board.py acts."""
