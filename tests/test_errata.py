"""What the chapter gets wrong and no notebook can show: it needs an environment of its own."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_erratum_7_pandas_pinned_beside_a_floating_numpy_cannot_be_imported(tmp_path):
    uv, python = Path(sys.executable).with_name("uv"), tmp_path / "venv" / "bin" / "python"
    subprocess.run(
        [uv, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv"], check=True
    )
    wanted = ["--only-binary", ":all:", "pandas==2.0.0", "numpy"]
    installed = subprocess.run(
        [uv, "pip", "install", "--python", python, *wanted],
        check=False,
        capture_output=True,
        text=True,
    )
    if sys.version_info >= (3, 12):  # that old, it was never built for this Python
        assert installed.returncode != 0
        assert "pandas==2.0.0 has no usable wheels" in " ".join(installed.stderr.split())
    else:
        assert installed.returncode == 0, installed.stderr
        used = subprocess.run(
            [python, "-c", "import pandas"], check=False, capture_output=True, text=True
        )
        assert used.returncode == 1
        assert "numpy.dtype size changed, may indicate binary incompatibility" in used.stderr
