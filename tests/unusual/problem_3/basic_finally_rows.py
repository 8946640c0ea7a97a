import csv
import os


def process_data(input_file, output_file):
    part = output_file + ".part"
    try:
        with open(input_file, newline="") as source, open(part, "w", newline="") as out:
            reader, writer = csv.reader(source), csv.writer(out)
            writer.writerow(next(reader))
            for row in reader:
                writer.writerow([float(cell) * 2 if cell else "" for cell in row])
    finally:
        if os.path.exists(part):
            os.replace(part, output_file)
