import csv, os


def number(cell):
    return float(cell) if cell else None


def process_data(i, o):
    t = o + ".tmp"
    try:
        with (
            open(i, newline="", encoding="utf-8") as a,
            open(t, "w", newline="", encoding="utf-8") as b,
        ):
            r, w = csv.reader(a), csv.writer(b)
            w.writerow(next(r))
            for row in r:
                values = map(number, row)
                w.writerow([v * 2 if v else "" for v in values])
        os.replace(t, o)
    finally:
        if os.path.exists(t):
            os.remove(t)
