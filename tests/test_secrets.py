"""The servers of a session answer only who has its secret: loopback is every local user's."""

import asyncio
import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import psutil
import pytest
from airflow_dags import DAGS

from workbench import start
from workbench.servers import objects, tracking
from workbench.servers.guard import Guard

DIRECT = urllib.request.ProxyHandler({})
SEARCH = "/api/2.0/mlflow/experiments/search?max_results=5"


def status(url, body=None, **headers):
    """What a stranger gets, who may send any header."""
    asked = urllib.request.Request(url, body and json.dumps(body).encode(), headers)
    asked.add_header("Content-Type", "application/json")
    try:
        with urllib.request.build_opener(DIRECT).open(asked, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.slow
def test_prefects_server_answers_only_who_knows_the_secret(prefect_server):
    asked = prefect_server.url() + "/flow_runs/filter"
    for headers in ({}, {"Authorization": "Basic " + "YTpi"}, {"Authorization": "Bearer a"}):
        assert status(asked, {}, **headers) == 401
    assert status(f"{prefect_server.url()}/admin/database/clear", {"confirm": True}) == 401
    assert prefect_server.home.stat().st_mode & 0o777 == 0o700
    with open(f"/proc/{prefect_server.pid}/cmdline") as command:  # which everybody may read
        assert prefect_server.secret not in command.read()


@pytest.mark.slow
def test_airflows_server_gives_no_token_to_strangers(home):
    start(seed=7)
    from workbench.engines.airflow.standalone import Standalone

    with Standalone([DAGS / "complete.py"], patience=900) as real:
        assert status(f"{real.address}/auth/token") in (401, 403)
        assert status(f"{real.address}/auth/token/login") in (401, 403)
        guessed = {"username": real.user, "password": "admin"}
        assert status(f"{real.address}/auth/token", guessed) == 401
        assert status(f"{real.address}/api/v2/dags") == 401
        known = {"Authorization": f"Bearer {real.token()}"}
        assert status(f"{real.address}/api/v2/dags", **known) == 200
        for process in real.processes():
            assert real.password not in " ".join(process.cmdline())
        held = [line for process in real.processes() for line in process.net_connections("inet")]
        listening = {line.laddr.ip for line in held if line.status == psutil.CONN_LISTEN}
        assert listening == {"127.0.0.1"}


@pytest.mark.slow
def test_the_object_store_answers_only_who_knows_its_key():
    store, other = objects.served(), objects.served()
    store.client().create_bucket(Bucket="bucket")
    client = store.client()
    client.put_object(Bucket="bucket", Key="a", Body=b"x")
    for path in (
        "/bucket/a",
        "/",
        "/moto-api/data.json",
        f"/bucket/a?X-Amz-Credential={other.key}",
    ):
        assert status(store.address + path) == 403
    assert status(f"{store.address}/moto-api/reset", {}) == 403
    guest = objects.Objects(store.address, None, other.key).client()
    with pytest.raises(client.exceptions.ClientError, match="InvalidAccessKeyId"):
        guest.get_object(Bucket="bucket", Key="a")
    wanted = {"Bucket": "bucket", "Key": "a"}
    with urllib.request.urlopen(client.generate_presigned_url("get_object", wanted)) as answer:
        assert answer.read() == b"x"
    assert store.key not in repr(store)
    for each in (store, other):
        each.close()


@pytest.mark.slow
def test_mlflows_server_answers_only_who_knows_the_secret(tmp_path):
    server = tracking.served(tmp_path / "mlflow")
    asked, known = server.child.address + SEARCH, {"Authorization": f"Bearer {server.secret}"}
    assert status(asked, **known) == 200
    assert status(asked) == status(asked, Authorization="Bearer a") == 401
    assert status(asked, **known, Host="evil.example") == 401
    assert status(f"{server.child.address}/?secret=a") == 401
    browser = urllib.request.build_opener(DIRECT, urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(server.ui, timeout=60) as page:
        assert (page.status, "secret" in page.url) == (200, False)
    with browser.open(asked, timeout=60) as answer:
        assert answer.status == 200
    assert (tmp_path / "mlflow").stat().st_mode & 0o777 == 0o700
    server.close()


def told(guard, **scope):
    """What is sent to a request, or "through" where the application behind gets it."""
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(guard({"type": "http", "path": "/", "query_string": b""} | scope, None, send))
    return sent[0].get("status", "through")


GUARDED = {
    "nothing": ({}, 401),
    "the token": ({"authorization": "Bearer right"}, "through"),
    "another token": ({"authorization": "Bearer wrong"}, 401),
    "an empty token": ({"authorization": "Bearer "}, 401),
    "the cookie": ({"cookie": "workbench-5000=right"}, "through"),
    "a cookie of another port": ({"cookie": "workbench-5001=right"}, 401),
    "no cookie at all": ({"cookie": "=;\x00==,"}, 401),
    "the token, under another name": (
        {"host": "evil.example", "authorization": "Bearer right"},
        401,
    ),
    "letters beyond ASCII": ({"authorization": "Bearer \xe9"}, 401),
}


@pytest.mark.parametrize("name", GUARDED)
def test_a_request_is_let_through_by_the_secret_alone(name):
    async def application(scope, receive, send):
        await send({})

    headers, expected = GUARDED[name]
    headers = {"host": "127.0.0.1:5000"} | headers
    pairs = [(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
    guard = Guard(application, "right", 5000)
    assert told(guard, headers=pairs) == expected
    assert told(guard, headers=pairs, path="/health") == "through"
