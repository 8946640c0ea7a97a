import os

import pandas as pd


def process_data(input_file, output_file):
    text = pd.read_csv(input_file).mul(2).to_csv(index=False)
    part = output_file + ".retry"
    for attempt in range(3):
        try:
            with open(part, "w") as out:
                out.write(text)
            break
        except OSError:
            if attempt == 2:
                raise
    os.replace(part, output_file)
