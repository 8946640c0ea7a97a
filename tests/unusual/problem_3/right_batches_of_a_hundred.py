import csv
import os
from itertools import islice


def process_data(input_file, output_file):
    part = output_file + ".batch"
    with open(input_file, newline="") as source, open(part, "w", newline="") as out:
        reader, writer = csv.reader(source), csv.writer(out, lineterminator="\n")
        writer.writerow(next(reader))
        while batch := list(islice(reader, 100)):
            writer.writerows([[float(c) * 2 if c else "" for c in row] for row in batch])
    os.replace(part, output_file)
