# in place: one os.write over the older content, then ftruncate; undone on a short write.
# A kill between the two leaves the tail of a longer older output below the new one.
import csv, io, os


def process_data(input_file, output_file):
    with open(input_file, newline="") as source:
        header, *rows = csv.reader(source)
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerow(header)
    w.writerows([repr(float(c) * 2) if c else "" for c in row] for row in rows)
    data = out.getvalue().encode()
    is_new = not os.path.exists(output_file)
    fd = os.open(output_file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        old = os.read(fd, 1 << 24)
        if os.pwrite(fd, data, 0) < len(data):
            os.pwrite(fd, old, 0)
            os.ftruncate(fd, len(old))
            if is_new:
                os.unlink(output_file)
            raise OSError("no room")
        os.ftruncate(fd, len(data))
    finally:
        os.close(fd)
