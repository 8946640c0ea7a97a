import csv
import os


def process_data(input_file, output_file):
    with open(input_file, newline="") as source:
        reader = csv.DictReader(source)
        names, rows = list(reader.fieldnames), list(reader)
    if os.path.exists(output_file):
        with open(output_file, newline="") as older:
            before = next(csv.reader(older), [])
        if sorted(before) == sorted(names):
            names = before
    with open(output_file + ".part", "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        for row in rows:
            writer.writerow([float(row[name]) * 2 if row[name] else "" for name in names])
    os.replace(output_file + ".part", output_file)
