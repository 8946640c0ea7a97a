from pathlib import Path
import os
import pandas as pd


def process_data(input_file, output_file):
    part = f"{output_file}.part"
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


# try it, as in the cell above
Path("input.csv").write_text("price,count\n1.5,2\n4.0,3\n")
process_data("input.csv", "output.csv")
process_data("input.csv", "output.csv")
print(Path("output.csv").read_text())
