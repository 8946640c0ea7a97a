import csv


def process_data(input_file, output_file):
    with open(input_file, newline="") as source, open(output_file, "w", newline="") as out:
        reader, writer = csv.reader(source), csv.writer(out)
        writer.writerow(next(reader))
        for row in reader:
            writer.writerow([f"{float(cell) * 2:g}" if cell else "" for cell in row])
