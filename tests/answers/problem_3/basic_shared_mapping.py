import mmap
import os

import pandas as pd


def process_data(input_file, output_file):
    content = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    handle = os.open(output_file, os.O_RDWR | os.O_CREAT, 0o644)
    os.ftruncate(handle, len(content))
    with mmap.mmap(handle, len(content)) as view:
        for place in range(0, len(content), 64):
            view[place : place + 64] = content[place : place + 64]
    os.close(handle)
