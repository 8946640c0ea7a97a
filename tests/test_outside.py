"""What code is sure to ask of the world outside, and does not find, is told; nothing else is."""

import os

import pandas
import pytest

from workbench.engines import outside
from workbench.engines.outside import unfound_file, unfound_host

NOWHERE = "https://nowhere.invalid"  # a top-level domain that is promised to be nobody's


@pytest.fixture(autouse=True)
def unhurried(monkeypatch, tmp_path):
    """No proxy that could know the name, a service that may be slow, and an empty folder."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(outside, "PATIENCE", 120)
    monkeypatch.chdir(tmp_path)


ASKING = [
    "import requests\n    requests.get('{url}/x')",
    "import urllib.request as u\n    u.urlopen('{url}')",
    "import urllib.request\n    urllib.request.urlretrieve('{url}/x', 'x')",
    "from urllib.request import urlopen\n    print(urlopen('{url}/x').read())",
    "import httpx as h\n    for row in h.get('{url}/x').json(): print(row)",
    "pd.read_csv('{url}/x.csv')",
    "pd.read_csv(base)",
    "pd.read_csv(f'{{base}}/x.csv')",
    "pd.read_csv(f'{url}/{{base}}.csv')",
    "address = '{url}/x.csv'\n    return pd.read_csv(address)",
]
NOT_SURE = [
    "import requests\n    try: requests.get('{url}/x')\n    except OSError: pass",
    "if base: pd.read_csv('{url}')",
    "pd.read_csv('http://localhost/x.csv')",
    "pd.read_csv(base + '/x.csv')",
    "pd.read_csv(f'{url}{{base}}')",
    "kept = dict()\n    kept.get('{url}')",
    "if base: base = 'x.csv'\n    pd.read_csv(base)",
    "a, b = '{url}', 'x.csv'\n    pd.read_csv(b)",
    "address = '{url}'\n    address = 'x.csv'\n    pd.read_csv(address)",
    "def later(): pd.read_csv('{url}')",
    "print('{url}')",
    "return 1\n    pd.read_csv('{url}')",
]


def body(text):
    return "def called(base):\n    " + text.format(url=NOWHERE)


@pytest.mark.parametrize("text", ASKING)
def test_a_host_that_nobody_knows_is_told(text):
    told = unfound_host(body(text), {"pd": pandas, "base": NOWHERE})
    assert told == "asks nowhere.invalid, a name that is not found from here"


@pytest.mark.parametrize("text", NOT_SURE)
def test_a_host_that_may_not_be_asked_or_may_be_known_is_not(text):
    assert unfound_host(body(text), {"pd": pandas, "base": NOWHERE}) == ""


def test_where_a_proxy_finds_names_none_is_unknown(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    assert unfound_host(body(ASKING[0]), {}) == ""


OPENING = [
    "open('x.csv')",
    "with open('x.csv', 'rb') as file: return file.read()",
    "print('it begins')\n    return json.loads(Path('x.csv').read_text())",
    "name = 'x.csv'\n    frame = pd.read_csv(name)",
    "logger = get_run_logger()\n    logger.info('now')\n    pd.read_csv(filepath)",
    "open('there.csv')\n    open('x.csv')",
    "return open('x.csv', encoding='utf-8')",
]
MADE_FIRST = [
    "made()\n    open('x.csv')",
    "open('x.csv', 'w')\n    open('x.csv')",
    "with open('x.csv', mode='a') as file: pass\n    open('x.csv')",
    "open('x.csv', mode)",
    "open(made())",
    "if filepath: open('x.csv')",
    "try: open('x.csv')\n    except OSError: pass",
    "open(f'{filepath}.old')",
    "open('there.csv')",
    "pd.read_csv('s3://bucket/x.csv')",
    "open = print\n    open('x.csv')",
]


@pytest.mark.parametrize("text", OPENING)
def test_a_file_that_nothing_can_have_made_before_is_told(text, tmp_path):
    (tmp_path / "there.csv").touch()
    told = unfound_file(f"def called():\n    {text}", {"pd": pandas, "filepath": "x.csv"})
    assert told == f"opens x.csv, which does not lie in {tmp_path}"


@pytest.mark.parametrize("text", MADE_FIRST)
def test_a_file_that_is_there_or_may_be_by_then_is_not(text, tmp_path):
    (tmp_path / "there.csv").touch()
    names = {"pd": pandas, "filepath": "x.csv"}
    assert unfound_file(f"def called():\n    {text}", names) == ""
