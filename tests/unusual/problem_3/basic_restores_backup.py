import os
import shutil

import pandas as pd


def process_data(input_file, output_file):
    backup = output_file + ".bak"
    if os.path.exists(output_file):
        shutil.copy2(output_file, backup)
    try:
        (pd.read_csv(input_file) * 2).to_csv(output_file, index=False)
    except Exception:
        if os.path.exists(backup):
            os.replace(backup, output_file)
        raise
    if os.path.exists(backup):
        os.remove(backup)
