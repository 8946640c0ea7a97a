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
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

REGION = "us-east-1"
FORBIDDEN = b"<Error><Code>InvalidAccessKeyId</Code><Message>not of this session</Message></Error>"


@dataclass(frozen=True)
class Objects:
    """An object store that answers at ``address`` whoever knows its key.

    moto checks no signature. So the key, which goes with each request, is what nobody can guess.
    """

    address: str
    server: Any = field(repr=False)
    key: str = field(repr=False)
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
        self.server.shutdown()
        self.server.server_close()


def served() -> Objects:
    """A new, empty store."""
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would tell of each request
    key = f"AKIA{secrets.token_hex(16).upper()}"
    application = _guarded(DomainDispatcherApplication(create_backend_app), key)
    server = make_server("127.0.0.1", 0, application, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Objects(f"http://127.0.0.1:{server.server_port}", server, key)


def _guarded(application: Callable, key: str) -> Callable:
    """The application for requests that are signed by this key, in their header or address."""

    def answer(environ: dict[str, Any], start: Callable) -> Iterable[bytes]:
        signed = environ.get("HTTP_AUTHORIZATION", ""), environ.get("QUERY_STRING", "")
        if any(key in text for text in signed):  # each way to sign calls it otherwise
            return application(environ, start)
        start("403 Forbidden", [("Content-Type", "application/xml")])
        return [FORBIDDEN]

    return answer


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
