import os, pyarrow.csv as pc, pyarrow.compute as c, pyarrow as pa
def process_data(input_file, output_file):
    t = pc.read_csv(input_file)
    t = pa.table({n: c.multiply(t[n], 2) for n in t.column_names})
    tmp = output_file + ".part"
    pc.write_csv(t, tmp, pc.WriteOptions(quoting_style="none"))
    os.replace(tmp, output_file)
