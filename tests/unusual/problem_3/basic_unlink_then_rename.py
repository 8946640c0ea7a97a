import os
from pathlib import Path

import pandas as pd


def process_data(input_file, output_file):
    part = Path(output_file + ".part")
    pd.read_csv(input_file).mul(2).to_csv(part, index=False)
    Path(output_file).unlink(missing_ok=True)
    os.rename(part, output_file)
