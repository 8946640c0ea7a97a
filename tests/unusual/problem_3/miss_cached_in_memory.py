import functools
import os

import pandas as pd


@functools.cache
def load(path):
    return pd.read_csv(path)


def process_data(input_file, output_file):
    (load(input_file) * 2).to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
