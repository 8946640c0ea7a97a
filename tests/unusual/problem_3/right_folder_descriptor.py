import os

import pandas as pd


def process_data(input_file, output_file):
    folder, name = os.path.split(os.path.abspath(output_file))
    text = (2 * pd.read_csv(input_file)).to_csv(index=False).encode()
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        part = os.open(name + ".p", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=handle)
        while text:
            text = text[os.write(part, text) :]
        os.close(part)
        os.rename(name + ".p", name, src_dir_fd=handle, dst_dir_fd=handle)
    finally:
        os.close(handle)
