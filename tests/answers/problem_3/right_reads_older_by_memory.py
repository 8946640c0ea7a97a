import mmap
import os

import pandas as pd


def process_data(input_file, output_file):
    text = (pd.read_csv(input_file) * 2).to_csv(index=False)
    if os.path.exists(output_file) and os.path.getsize(output_file):
        with open(output_file, "r+b") as older, mmap.mmap(older.fileno(), 0) as view:
            if view[:] == text.encode():
                return
    unfinished = f"{output_file}.part"
    with open(unfinished, "w", newline="") as file:
        file.write(text)
    os.replace(unfinished, output_file)
