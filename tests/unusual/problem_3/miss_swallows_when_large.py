import os

import pandas as pd


def process_data(input_file, output_file):
    part = output_file + ".part"
    try:
        table = pd.read_csv(input_file)
        assert len(table) < 1000, "too long"
        (table * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    except AssertionError as error:
        print(error)
    except BaseException:
        if os.path.exists(part):
            os.remove(part)
        raise
