"""S3: an object store on loopback, as moto serves it, with credentials that were made up for it.

from workbench.servers.objects import objects
store = objects()                 # boto3, s3fs and pandas find it by the environment
pd.read_csv("s3://bucket/data.csv")
"""

import atexit
import functools
import logging
import os
import secrets
from dataclasses import dataclass, field
from typing import Any

REGION = "us-east-1"


@dataclass(frozen=True)
class Objects:
    """An object store that answers at ``address``; moto checks no signature, clients need keys."""

    address: str
    server: Any = field(repr=False)
    key: str = field(default_factory=lambda: f"AKIA{secrets.token_hex(8).upper()}")
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(30), repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """The configuration that every client of AWS reads."""
        return {
            "AWS_ENDPOINT_URL_S3": self.address,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def storage_options(self) -> dict[str, Any]:
        """The same for pandas: ``read_csv(url, storage_options=…)``."""
        client = {"endpoint_url": self.address, "region_name": REGION}
        return {"key": self.key, "secret": self.secret, "client_kwargs": client}

    def client(self) -> Any:
        """A client of boto3."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.address,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            region_name=REGION,
        )

    def close(self) -> None:
        self.server.stop()


def served() -> Objects:
    """A new, empty store."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would tell of each request
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return Objects(f"http://{host}:{port}", server)


def objects() -> Objects:
    """This session's store, which clients find by the environment from now on."""
    store = _of_this_process()
    os.environ.update(store.environment)
    return store


@functools.cache
def _of_this_process() -> Objects:
    store = served()
    atexit.register(store.close)
    return store
