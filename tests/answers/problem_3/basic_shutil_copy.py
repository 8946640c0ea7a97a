import os
import shutil
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    with tempfile.NamedTemporaryFile(suffix=".csv", delete=False) as tmp:
        pass
    (pd.read_csv(input_file) * 2).to_csv(tmp.name, index=False)
    shutil.copy(tmp.name, output_file)
    os.unlink(tmp.name)
