import csv


def process_data(input_file, output_file):
    with open(input_file, newline="") as source, open(output_file, "w", newline="") as out:
        reader, writer, batch = csv.reader(source), csv.writer(out), []
        writer.writerow(next(reader))
        for row in reader:
            batch.append([float(cell) * 2 if cell else "" for cell in row])
            if len(batch) == 16:
                writer.writerows(batch)
                batch = []
