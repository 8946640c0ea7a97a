import os
import shutil

import pandas as pd


def process_data(input_file, output_file):
    if os.path.exists(output_file):
        shutil.copy(output_file, output_file + ".bak")
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
