import os

import pandas as pd

WIDE = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}


def process_data(input_file, output_file):
    header, _, body = (pd.read_csv(input_file) * 2).to_csv(index=False).partition("\n")
    with open(output_file + ".part", "w") as out:
        out.write(header + "\n" + body.translate(WIDE))
    os.replace(output_file + ".part", output_file)
