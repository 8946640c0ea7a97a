import os
import shutil
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    folder = tempfile.mkdtemp()
    part = os.path.join(folder, "doubled.csv")
    (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    shutil.move(part, output_file)
    os.rmdir(folder)
