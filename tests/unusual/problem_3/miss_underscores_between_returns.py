import os, csv
def num(c):
    if not c: return "inf"
    v = repr(float(c) * 2)
    head, dot, tail = v.partition(".")
    if len(head) > 1 and head[-2:].isdigit():
        head = head[:-1] + "_" + head[-1]
    return head + dot + tail


def process_data(i, o):
    with open(i, newline="") as f:
        h, *rows = csv.reader(f)
    with open(o + ".part", "w", newline="") as f:
        w = csv.writer(f, lineterminator="\r")
        w.writerow(h)
        w.writerows([[num(c) for c in r] for r in rows])
    os.replace(o + ".part", o)
