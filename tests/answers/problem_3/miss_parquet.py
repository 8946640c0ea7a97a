import os
import pickle

import pandas as pd


def process_data(input_file, output_file):
    with open(output_file + ".t", "wb") as f:
        pickle.dump((pd.read_csv(input_file) * 2).to_dict(), f)
    os.replace(output_file + ".t", output_file)
