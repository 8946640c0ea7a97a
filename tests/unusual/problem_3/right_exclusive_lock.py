import os

import pandas as pd


def process_data(input_file, output_file):
    lock = output_file + ".lock"
    os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        pd.read_csv(input_file).mul(2).to_csv(output_file + ".tmp", index=False)
        os.replace(output_file + ".tmp", output_file)
    finally:
        os.remove(lock)
