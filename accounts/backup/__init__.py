"""A copy of the database in a folder, and the way back (docs/operations.md, "Keeping it")."""
