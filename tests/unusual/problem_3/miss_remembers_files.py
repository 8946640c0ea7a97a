import os

import pandas as pd

SEEN = {}


def process_data(input_file, output_file):
    with open(input_file, "rb") as f:
        content = f.read()
    if SEEN.get((input_file, output_file)) == content and os.path.exists(output_file):
        return  # done already
    part = output_file + ".new"
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    finally:
        if os.path.exists(part):
            os.remove(part)
    SEEN[input_file, output_file] = content
