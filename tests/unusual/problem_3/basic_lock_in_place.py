import fcntl

import pandas as pd


def process_data(input_file, output_file):
    frame = pd.read_csv(input_file) * 2
    with open(output_file, "a+") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        out.truncate(0)
        frame.to_csv(out, index=False)
