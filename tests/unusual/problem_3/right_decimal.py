import csv
import os
from decimal import Decimal


def process_data(input_file, output_file):
    part = output_file + ".part"
    with open(input_file, newline="") as source, open(part, "w", newline="") as out:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(out, fieldnames=reader.fieldnames)
        writer.writeheader()
        for row in reader:
            writer.writerow({name: Decimal(cell) * 2 if cell else "" for name, cell in row.items()})
    os.replace(part, output_file)
