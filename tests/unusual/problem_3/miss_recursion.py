import csv


def double(rows):
    if not rows:
        return []
    return [[str(float(c) * 2) if c else "" for c in rows[0]]] + double(rows[1:])


def process_data(input_file, output_file):
    with open(input_file, newline="") as file:
        header, *rows = csv.reader(file)
    body = double(rows)
    with open(output_file, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header] + body)
