def process(input_file, output_file):
    pass
