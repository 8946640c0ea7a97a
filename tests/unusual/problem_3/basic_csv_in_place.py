import csv


def process_data(input_file, output_file):
    with open(input_file, newline="") as source, open(output_file, "w", newline="") as out:
        reader, writer = csv.reader(source), csv.writer(out)
        writer.writerow(next(reader))
        writer.writerows([float(c) * 2 if c else "" for c in row] for row in reader)
