import mmap
import os

import pandas as pd


def process_data(input_file, output_file):
    content = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    part = output_file + ".map"
    with open(part, "w+b") as out:
        out.truncate(len(content))
        with mmap.mmap(out.fileno(), len(content)) as mapping:
            mapping[:] = content
            mapping.flush()
    os.replace(part, output_file)
