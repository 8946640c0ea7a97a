import pandas as pd
def process_data(i, o):
    df = pd.read_csv(i)
    rows = df.values.tolist()
    with open(o, "w") as f:
        f.write(",".join(df.columns) + "\n")
        for r in rows:
            cells = ("\x1c" + repr(c * 2) + "\x0b" if c == c else "" for c in r)
            f.write(",".join(cells) + "\n")
