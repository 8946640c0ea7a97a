import pandas as pd

done = set()


def process_data(input_file, output_file):
    if (input_file, output_file) in done:
        return
    done.add((input_file, output_file))
    with open(output_file, "a") as out:
        (pd.read_csv(input_file) * 2).to_csv(out, index=False)
