import os

import numpy as np


def process_data(input_file, output_file):
    with open(input_file) as source:
        header = source.readline().strip()
        rows = [line.strip().split(",") for line in source]
    numbers = np.array([[float(cell or "nan") for cell in row] for row in rows], dtype=float)
    numbers = numbers.reshape(len(rows), header.count(",") + 1) * 2
    part = f"{output_file}.{os.getpid()}.part"
    np.savetxt(part, numbers, fmt="%.17g", delimiter=",", header=header, comments="")
    os.replace(part, output_file)
