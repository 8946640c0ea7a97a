import csv
import os

def double(cell):
    return "" if cell == "" else repr(float(cell) * 2)

def process_data(input_file, output_file):
    with open(input_file, newline="") as source:
        header, *rows = csv.reader(source)
    temporary = output_file + ".new"
    with open(temporary, "w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(header)
        writer.writerows([double(cell) for cell in row] for row in rows)
    os.rename(temporary, output_file)
