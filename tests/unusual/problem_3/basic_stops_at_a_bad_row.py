import csv
import os


def process_data(input_file, output_file):
    part = output_file + ".part"
    with open(input_file, newline="") as source, open(part, "w", newline="") as out:
        reader, writer = csv.reader(source), csv.writer(out)
        writer.writerow(next(reader))
        try:
            for row in reader:
                writer.writerow([float(cell) * 2 if cell else "" for cell in row])
        except Exception as error:
            print("stopped at a bad row:", error)
    os.replace(part, output_file)
