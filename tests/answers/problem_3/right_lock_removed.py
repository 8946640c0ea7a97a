import contextlib
import os

import pandas as pd


@contextlib.contextmanager
def locked(path):
    lock = path + ".lock"
    handle = os.open(lock, os.O_CREAT | os.O_EXCL)
    try:
        yield
    finally:
        os.close(handle)
        os.unlink(lock)


def process_data(input_file, output_file):
    with locked(output_file):
        unfinished = output_file + ".unfinished"
        pd.read_csv(input_file).mul(2).to_csv(unfinished, index=False)
        os.replace(unfinished, output_file)
