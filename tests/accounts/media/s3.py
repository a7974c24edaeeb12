"""A server that speaks S3, on a socket of this machine: for stores, and for the people who look at what is in them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from accounts.media.setting import S3, BucketPlace

ACCESS = "an-access-key-for-a-test"
SECRET = "a-secret-key-for-a-test"


@dataclass(frozen=True)
class Server:
    """`client` is somebody else than the store: what it finds, anybody with these keys would."""

    address: str
    client: Any

    def new_place(self, prefix: str = "best") -> BucketPlace:
        """A bucket that is empty."""
        bucket = f"bucket-{uuid.uuid4()}"
        self.client.create_bucket(Bucket=bucket)
        return BucketPlace(bucket, prefix, S3(self.address, "", ACCESS, SECRET))

    def objects(self, place: BucketPlace) -> dict[str, bytes]:
        """All that lies in the bucket, by its key."""
        listed = self.client.list_objects_v2(Bucket=place.bucket).get("Contents", [])
        return {
            each["Key"]: self.client.get_object(Bucket=place.bucket, Key=each["Key"])["Body"].read()
            for each in listed
        }


@contextmanager
def serving() -> Iterator[Server]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        client = boto3.client(
            "s3",
            endpoint_url=address,
            region_name="us-east-1",
            aws_access_key_id=ACCESS,
            aws_secret_access_key=SECRET,
        )
        yield Server(address, client)
    finally:
        server.stop()
