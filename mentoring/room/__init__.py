"""The page that the two of a pairing have together: what is due on it. Its sections are tags of `templatetags/`."""
