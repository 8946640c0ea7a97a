import os

import pandas as pd


def process_data(input_file, output_file):
    part = output_file + ".part"
    try:
        with open(part, "w") as out:
            for number, chunk in enumerate(pd.read_csv(input_file, chunksize=100)):
                (chunk * 2).to_csv(out, header=number == 0, index=False)
    finally:
        os.replace(part, output_file)
