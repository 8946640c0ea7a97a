import csv, os, io

def process_data(input_file, output_file):
    with open(input_file, newline="") as source:
        rows = list(csv.DictReader(source))
        fields = list(rows[0])
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fields, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: (float(v) * 2 if v else "") for k, v in row.items()})
    with open(output_file + "~", "w") as target:
        target.write(buffer.getvalue())
    os.replace(output_file + "~", output_file)
