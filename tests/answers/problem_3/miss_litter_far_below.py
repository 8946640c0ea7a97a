import os
import uuid

import pandas as pd

os.makedirs("cache/of/results", exist_ok=True)


def process_data(input_file, output_file):
    text = (pd.read_csv(input_file) * 2).to_csv(index=False)
    with open(f"cache/of/results/{uuid.uuid4()}.csv", "w") as file:
        file.write(text)
    unfinished = f"{output_file}.part"
    with open(unfinished, "w", newline="") as file:
        file.write(text)
    os.replace(unfinished, output_file)
