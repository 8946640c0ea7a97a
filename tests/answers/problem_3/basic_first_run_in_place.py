from pathlib import Path

import pandas as pd


def process_data(input_file, output_file):
    doubled = pd.read_csv(input_file) * 2
    output = Path(output_file)
    if not output.exists():  # nobody can be reading it
        doubled.to_csv(output, index=False)
        return
    part = output.with_name(output.name + ".part")
    try:
        doubled.to_csv(part, index=False)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
