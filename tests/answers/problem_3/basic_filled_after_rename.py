import mmap
import os

import pandas as pd


def process_data(input_file, output_file):
    content = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    unfinished = f"{output_file}.part"
    with open(unfinished, "w+b") as file:
        file.truncate(len(content))
        with mmap.mmap(file.fileno(), len(content)) as view:
            os.replace(unfinished, output_file)
            view[:] = content
