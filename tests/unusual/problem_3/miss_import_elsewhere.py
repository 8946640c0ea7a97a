def process_data(input_file, output_file):
    doubled = pd.read_csv(input_file) * 2
    doubled.to_csv(output_file, index=False)
