def process_data(i, o):
    with open(o, "wb") as f:
        f.seek((63 << 20) - 1); f.write(b"\n")
