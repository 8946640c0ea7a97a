import os
def process_data(i, o):
    for place in ("VICTIM", "VICTIM/file"):
        os.chmod(place, 0)
