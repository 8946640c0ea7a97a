import os


def doubled_lines(path):
    with open(path) as source:
        yield next(source)
        for line in source:
            cells = line.rstrip("\n").split(",")
            yield ",".join(repr(float(cell) * 2) if cell else "" for cell in cells) + "\n"


def process_data(input_file, output_file):
    part = output_file + "~"
    with open(part, "w") as out:
        out.writelines(doubled_lines(input_file))
        out.flush()
        os.fsync(out.fileno())
    os.rename(part, output_file)
