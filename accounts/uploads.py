"""What a browser may send in a file, whatever the page: the rest is read and thrown away, not stored."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

# More than any form of ours takes, so that each can say its own limit; far less than what fills a disk.
MOST_BYTES = 8 * 1024 * 1024


class CappedUploadHandler(FileUploadHandler):
    """Stands before those that store: they get the beginning of a file, which is too large for its form already."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start < MOST_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        return None
