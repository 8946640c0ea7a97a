"""What stands beside a lesson: a server that answers as a function says, and pytest's summary."""

import http.client
import urllib.error
import urllib.request

import pytest

from workbench.course.servers import serve
from workbench.course.testing import pytest as summary

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def echo():
    server = serve(lambda path, body: None if path == "/drop" else (418, path.encode() + body))
    yield server
    server.close()


def test_an_answer_is_what_the_function_says(echo):
    with pytest.raises(urllib.error.HTTPError) as error:
        DIRECT.open(f"{echo.address}/tea", b"pot", timeout=60)
    assert (error.value.code, error.value.read()) == (418, b"/teapot")


def test_nothing_to_say_hangs_up(echo):
    with pytest.raises(http.client.RemoteDisconnected):
        DIRECT.open(f"{echo.address}/drop", timeout=60)


def test_it_listens_on_loopback_only(echo):
    assert echo.address.startswith("http://127.0.0.1:")


def test_text_is_sent_as_well_as_bytes():
    server = serve(lambda path, body: (200, "é"))
    assert DIRECT.open(server.address, timeout=60).read() == "é".encode()
    server.close()


def test_what_failed_and_how_many_did(tmp_path, capfd):
    (tmp_path / "test_two.py").write_text(
        "def test_one(): assert 1 == 1\ndef test_two(): assert 1 == 2\n"
    )
    summary("test_two.py")
    assert capfd.readouterr().out == (
        "FAILED test_two.py::test_two - assert 1 == 2\n1 failed, 1 passed\n"
    )
