import csv
import os

import pandas as pd


def process_data(input_file, output_file):
    tmp = f"{output_file}.part"
    pd.read_csv(input_file).apply(lambda column: column * 2).to_csv(tmp, index=False, quoting=csv.QUOTE_ALL)
    os.replace(tmp, output_file)
