import functools
import os

import pandas as pd


def atomic(write):
    @functools.wraps(write)
    def wrapper(source, target):
        part = target + ".atomic"
        try:
            write(source, part)
            os.replace(part, target)
        finally:
            if os.path.lexists(part):
                os.unlink(part)

    return wrapper


@atomic
def process_data(input_file, output_file):
    (pd.read_csv(input_file) * 2).to_csv(output_file, index=False)
