import os

import pandas as pd


def process_data(input_file, output_file):
    part = output_file + ".child"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            (pd.read_csv(input_file) * 2).to_csv(part, index=False)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(child, 0)[1]:
        raise OSError("the writer failed")
    os.replace(part, output_file)
