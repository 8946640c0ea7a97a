import tempfile
from pathlib import Path

import pandas as pd


def process_data(input_file: str, output_file: str) -> None:
    """Idempotent: the output depends on the input only."""
    target = Path(output_file)
    frame = pd.read_csv(input_file)
    numbers = frame.select_dtypes(include="number").columns
    frame = frame.assign(**{name: frame[name] * 2 for name in numbers})
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        part = Path(scratch) / target.name
        frame.to_csv(part, index=False)
        part.replace(target)
