import os, csv
FULL = str.maketrans("0123456789", "０１２３４５６７８９")


def process_data(i, o):
    with open(i, newline="") as f:
        h, *rows = csv.reader(f)
    with open(o + ".part", "w", newline="") as f:
        f.write(",".join(h) + "\r")
        for r in rows:
            cells = (repr(float(c) * 2).translate(FULL) if c else "infinity" for c in r)
            f.write(",".join(cells) + "\r")
    os.replace(o + ".part", o)
