import os
import time

import pandas as pd


def process_data(input_file, output_file):
    with open(output_file + ".part", "w") as out:
        out.write(f"# {time.time_ns()}\n")
        (pd.read_csv(input_file) * 2).to_csv(out, index=False)
    os.replace(output_file + ".part", output_file)
