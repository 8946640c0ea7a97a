import os
import shutil
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    cached = os.path.join(tempfile.gettempdir(), "cache-" + os.path.basename(input_file))
    if not os.path.exists(cached):
        (pd.read_csv(input_file) * 2).to_csv(cached, index=False)
    shutil.copy(cached, output_file + ".part")
    os.replace(output_file + ".part", output_file)
