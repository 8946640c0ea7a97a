import os, tempfile, pandas as pd
from pathlib import Path
def process_data(input_file, output_file):
    out = Path(output_file)
    with tempfile.TemporaryDirectory(dir=out.parent) as d:
        tmp = Path(d) / out.name
        pd.read_csv(input_file).mul(2).to_csv(tmp, index=False)
        tmp.replace(out)
