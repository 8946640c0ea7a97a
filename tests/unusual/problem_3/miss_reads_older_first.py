import os

import pandas as pd


def process_data(input_file, output_file):
    frames = [pd.read_csv(input_file) * 2]
    if os.path.exists(output_file) and os.path.getsize(output_file):
        frames.insert(0, pd.read_csv(output_file))
    pd.concat(frames).to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
