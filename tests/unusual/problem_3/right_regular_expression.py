import os
import re

NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


def process_data(input_file, output_file):
    with open(input_file) as source:
        header, body = source.readline(), source.read()
    doubled = NUMBER.sub(lambda found: repr(float(found[0]) * 2), body)
    with open(output_file + ".re", "w") as out:
        out.write(header + doubled)
    os.replace(output_file + ".re", output_file)
