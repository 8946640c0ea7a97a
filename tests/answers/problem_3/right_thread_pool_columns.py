import os
from concurrent.futures import ThreadPoolExecutor

import pandas as pd


def process_data(input_file, output_file):
    df = pd.read_csv(input_file)
    with ThreadPoolExecutor() as pool:
        columns = list(pool.map(lambda name: df[name] * 2, df.columns))
    out = pd.concat(columns, axis=1)
    out.to_csv(output_file + ".swp", index=False)
    os.replace(output_file + ".swp", output_file)
