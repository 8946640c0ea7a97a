import csv
import os
import tempfile
from decimal import Decimal


def process_data(input_file, output_file):
    fd, name = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(output_file)))
    try:
        with open(input_file, newline="") as source, os.fdopen(fd, "w", newline="") as sink:
            reader, writer = csv.reader(source), csv.writer(sink)
            writer.writerow(next(reader))
            for row in reader:
                writer.writerow([Decimal(cell) * 2 if cell else "" for cell in row])
        os.replace(name, output_file)
    except Exception:
        os.unlink(name)
        raise
