import os
import shutil
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    handle, part = tempfile.mkstemp()
    os.close(handle)
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        shutil.copyfile(part, output_file)
    finally:
        os.remove(part)
