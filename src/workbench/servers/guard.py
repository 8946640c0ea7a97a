"""MLflow's server, which answers only who knows the secret: loopback is every local user's.

    SECRET=… python -m workbench.servers.guard PORT DATABASE ARTIFACTS

The secret comes as a client's token (MLFLOW_TRACKING_TOKEN), or as a cookie, which a browser gets
from the address with ``?secret=``. A request for another host is refused: it is from a page that
has given its own name this machine's address.
"""

import hmac
import os
import sys
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

VARIABLE = "WORKBENCH_SERVER_SECRET"
OPEN = ("/health",)  # says nothing but that it answers
PROXIED = "mlflow-artifacts:/"


class Guard:
    """An ASGI application in front of another one."""

    def __init__(self, application: Any, secret: str, port: int):
        self._application, self._secret = application, secret
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._cookie = f"workbench-{port}"

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan" or self._is_known(scope):
            await self._application(scope, receive, send)
        elif scope["type"] == "http":
            await self._turn_away(scope, send)

    def _is_known(self, scope: dict[str, Any]) -> bool:
        if scope["type"] == "http" and scope["path"] in OPEN:
            return True
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("host") not in self._hosts:
            return False
        cookie = SimpleCookie()
        try:
            cookie.load(headers.get("cookie", ""))
        except CookieError:
            return False
        kept = cookie[self._cookie].value if self._cookie in cookie else ""
        return self._is(headers.get("authorization", "").removeprefix("Bearer ")) or self._is(kept)

    def _is(self, told: str) -> bool:
        return hmac.compare_digest(told.encode(), self._secret.encode())

    async def _turn_away(self, scope: dict[str, Any], send: Any) -> None:
        """To the same page with a cookie, for who has come with the secret in the address."""
        told = parse_qs(scope["query_string"].decode("latin-1")).get("secret", [""])[0]
        status, headers = 401, []
        if self._is(told):
            cookie = f"{self._cookie}={told}; Path=/; HttpOnly; SameSite=Strict"
            status = 303
            headers = [(b"location", scope["path"].encode()), (b"set-cookie", cookie.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if status == 303 else b"no secret"})


def main(port: str, database: str, artifacts: str) -> None:
    import uvicorn
    from mlflow import server as mlflow

    secret = os.environ.pop(VARIABLE)
    os.environ |= {
        mlflow.BACKEND_STORE_URI_ENV_VAR: database,
        mlflow.REGISTRY_STORE_URI_ENV_VAR: database,
        mlflow.ARTIFACT_ROOT_ENV_VAR: PROXIED,
        mlflow.ARTIFACTS_DESTINATION_ENV_VAR: artifacts,
        mlflow.SERVE_ARTIFACTS_ENV_VAR: "true",
    }
    from mlflow.server.fastapi_app import app
    from mlflow.server.handlers import initialize_backend_stores

    initialize_backend_stores(database, database, PROXIED)
    guard = Guard(app, secret, int(port))
    uvicorn.run(guard, host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
