import os, sqlite3, pandas as pd
def process_data(input_file, output_file):
    con = sqlite3.connect(":memory:")
    pd.read_csv(input_file).to_sql("t", con, index=False)
    cols = [r[1] for r in con.execute("pragma table_info(t)")]
    df = pd.read_sql("select " + ", ".join(f'"{c}" * 2 as "{c}"' for c in cols) + " from t order by rowid", con)
    df.to_csv(output_file + ".tmp", index=False)
    os.replace(output_file + ".tmp", output_file)
