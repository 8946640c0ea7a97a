import csv
import os
import sqlite3


def process_data(input_file, output_file):
    with open(input_file, newline="") as source:
        header, *rows = csv.reader(source)
    names = [f"c{number}" for number in range(len(header))]
    base = sqlite3.connect(":memory:")
    base.execute(f"create table stage ({', '.join(f'{name} real' for name in names)})")
    marks = ", ".join("?" * len(header))
    values = [[float(cell) if cell else None for cell in row] for row in rows]
    base.executemany(f"insert into stage values ({marks})", values)
    doubled = base.execute(f"select {', '.join(f'{n} * 2' for n in names)} from stage order by rowid")
    with open(output_file + ".stage", "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(doubled)
    os.replace(output_file + ".stage", output_file)
