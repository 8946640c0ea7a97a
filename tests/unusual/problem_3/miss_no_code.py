# I will write process_data here tomorrow.
