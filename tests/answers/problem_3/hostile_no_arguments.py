def process_data():
    pass
