import csv
import fcntl
import os


def process_data(input_file, output_file):
    with open(input_file, newline="") as source:
        fcntl.flock(source, fcntl.LOCK_SH)
        reader = csv.DictReader(source)
        rows = [{name: (float(value) * 2 if value else "") for name, value in row.items()} for row in reader]
    partial = f"{output_file}.{os.getpid()}"
    try:
        with open(partial, "w", newline="") as out:
            writer = csv.DictWriter(out, reader.fieldnames, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        os.rename(partial, output_file)
    finally:
        if os.path.exists(partial):
            os.remove(partial)
