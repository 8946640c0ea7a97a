import os
from functools import partial

import pandas as pd


def scale(input_file, output_file, factor):
    part = output_file + ".scaled"
    pd.read_csv(input_file).mul(factor).to_csv(part, index=False)
    os.replace(part, output_file)


process_data = partial(scale, factor=2)
