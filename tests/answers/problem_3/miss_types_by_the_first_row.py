import csv, os


def process_data(i, o):
    t = o + ".tmp"
    try:
        with open(i, newline="", encoding="utf-8") as a:
            header, *rows = csv.reader(a)
        kinds = []
        for c in rows[0] if rows else []:
            kinds.append((lambda s: int(float(s))) if c.lstrip("-").isdigit() else float)
        with open(t, "w", newline="", encoding="utf-8") as b:
            w = csv.writer(b)
            w.writerow(header)
            for r in rows:
                w.writerow([k(c) * 2 if c else "" for k, c in zip(kinds, r)])
        os.replace(t, o)
    finally:
        if os.path.exists(t):
            os.remove(t)
