import hashlib
import os

import pandas as pd


def process_data(input_file, output_file):
    with open(input_file, "rb") as source:
        digest = hashlib.sha256(source.read()).hexdigest()
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
    with open(output_file + ".sha256", "w") as note:
        note.write(digest)
