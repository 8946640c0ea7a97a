import csv, io, mmap, os


def process_data(input_file, output_file):
    with open(input_file, newline="") as source:
        header, *rows = csv.reader(source)
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerow(header)
    w.writerows([repr(float(c) * 2) if c else "" for c in row] for row in rows)
    data = out.getvalue().encode()
    if not os.path.exists(output_file) or not os.path.getsize(output_file):
        with open(output_file, "wb") as f:
            f.write(data)
        return
    with open(output_file, "r+b") as f:
        m = mmap.mmap(f.fileno(), 0)
        m.resize(len(data))
        for at in range(len(data)):  # one byte after the other, in place
            m[at : at + 1] = data[at : at + 1]
        m.close()
