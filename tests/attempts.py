"""What an answer tries beyond its folder, each in a call; see `attacks`, which runs them."""

TRIED = {  # what is tried → in the call
    # Other users' and the judge's servers
    "a server by its file": "socket.socket(socket.AF_UNIX).connect(UNIX); reached()",
    "a server by its abstract name": (
        "socket.socket(socket.AF_UNIX).connect('\\0' + ABSTRACT); reached()"
    ),
    "a server of datagrams": (
        "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect(UNIX + '2'); reached()"
    ),
    "a server of datagrams, from one of a pair": (
        "s = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0]\n"
        "    s.sendto(b'x', UNIX + '2'); reached()"
    ),
    "an abstract server of datagrams, from one of a pair": (
        "s = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0]\n"
        "    s.sendto(b'x', '\\0' + ABSTRACT + '2'); reached()"
    ),
    "a server of the machine": "socket.create_connection(('127.0.0.1', PORT), 1); reached()",
    "the network": ("socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9)); reached()"),
    "a virtual machine's host": "socket.socket(socket.AF_VSOCK); reached()",
    "raw packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW); reached()",
    "a list of others' sockets": "socket.socket(socket.AF_NETLINK, 3, 4); reached()",
    "a line to another answer": "socket.socket(socket.AF_NETLINK, 3, 2); reached()",
    "the kernel's cryptography": "socket.socket(socket.AF_ALG); reached()",
    "a socket that lingers": (
        "s = socket.socketpair()[0]; s.setsockopt(1, 13, struct.pack('ii', 1, 9))\n"
        "    any(s.getsockopt(1, 13, 8)) and reached()"
    ),
    # Files of the judge's
    "a read of a file": "open(VICTIM + '/file').read(); reached()",
    "a change of a file": "open(VICTIM + '/file', 'a').write('x'); reached()",
    "a new file": "open(VICTIM + '/new', 'w'); reached()",
    "a listing": "os.listdir(VICTIM); reached()",
    "a mode": "os.chmod(VICTIM, 0); os.stat(VICTIM).st_mode & 0o777 or reached()",
    "a mode by a descriptor": (
        "d = os.open(VICTIM, os.O_PATH); os.chmod(f'/proc/self/fd/{d}', 0)\n"
        "    os.stat(VICTIM).st_mode & 0o777 or reached()"
    ),
    "a time": (
        "os.utime(VICTIM + '/file', (1, 1)); os.stat(VICTIM + '/file').st_mtime > 1 or reached()"
    ),
    "an attribute": (
        "os.setxattr(VICTIM + '/file', 'user.a', b'x')\n"
        "    os.listxattr(VICTIM + '/file') and reached()"
    ),
    "an attribute by the newer call": (
        "x = ctypes.create_string_buffer(b'x'); d = struct.pack('QII', ctypes.addressof(x), 1, 0)\n"
        "    call(463, -100, (VICTIM + '/file').encode(), 0, b'user.a', d, len(d)); reached()"
    ),
    "flags of a file that may be read": (
        "fcntl.ioctl(os.open('data/input.csv', 0), 0x40086602, bytes(8)); reached()"
    ),
    "a removal": "os.unlink(VICTIM + '/file'); reached()",
    "a move": "os.rename(VICTIM + '/file', VICTIM + '/moved'); reached()",
    "a second name": (
        "os.link(VICTIM + '/file', 'data/second'); open('data/second').read(); reached()"
    ),
    "a way up from the working folder": (
        "os.chdir('..'); [os.chdir('..') for _ in range(9)]\n"
        "    os.listdir('.' + VICTIM); reached()"
    ),
    "the root of another process": "os.listdir('/proc/1/root' + VICTIM); reached()",
    "the folder of another process": "os.listdir(f'/proc/{os.getppid()}/cwd/..'); reached()",
    "a handle": "call(303, -100, VICTIM.encode(), bytes(256), bytes(8), 0); reached()",
    "a file of everybody's": "open('/var/tmp/left', 'w'); reached(); os.unlink('/var/tmp/left')",
    "memory that outlives": (
        "open('/dev/shm/left', 'w'); os.getppid() == 1 or reached(); os.unlink('/dev/shm/left')"
    ),
    "a queue that outlives": "call(240, b'left', os.O_CREAT, 0o600, None); reached()",
    "shared memory that outlives": "call(29, 7, 4096, 0o1600); reached()",
    "a device": "open('/dev/tty', 'w'); reached()",
    "a new terminal": "os.openpty(); reached()",
    "the kernel's settings": "open('/proc/sys/kernel/hostname', 'w').write('x'); reached()",
    "a control group": "os.mkdir('/sys/fs/cgroup/new'); reached()",
    # Other processes
    "a signal to the parent": "os.kill(os.getppid(), 0); os.getppid() == 1 or reached()",
    "a look into the parent": "open(f'/proc/{os.getppid()}/mem', 'rb').read(1); reached()",
    "what the judge was started with": (
        "told = b''.join(open(f'/proc/self/{n}', 'rb').read() for n in ('environ', 'cmdline'))\n"
        "    (b'HOME=' in told or b'site-packages' in told) and reached()"
    ),
    "the parent's environment": "open(f'/proc/{os.getppid()}/environ').read(); reached()",
    "the parent's descriptors": "os.listdir(f'/proc/{os.getppid()}/fd'); reached()",
    "a trace of the parent": "call(101, 16, os.getppid(), 0, 0); reached()",
    "a descriptor of the parent's": ("call(438, os.pidfd_open(os.getppid()), 0, 0); reached()"),
    "memory of the parent's": "call(310, os.getppid(), bytes(16), 0, bytes(16), 0, 0); reached()",
    "limits of the parent": (
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3)); reached()"
    ),
    "the urgency of the parent": (
        "os.setpriority(0, os.getppid(), 19); os.getpriority(0, os.getppid()) == 19 and reached()"
    ),
    "the urgency of all that is of one user": (
        "os.setpriority(2, os.getuid(), 19); os.getpriority(2, os.getuid()) == 19 and reached()"
    ),
    "when the parent runs": (
        "os.sched_setscheduler(os.getppid(), os.SCHED_IDLE, os.sched_param(0))\n"
        "    os.sched_getscheduler(os.getppid()) == os.SCHED_IDLE and reached()"
    ),
    "where the parent runs": (
        "one = {min(os.sched_getaffinity(0))}; os.sched_setaffinity(os.getppid(), one)\n"
        "    len(os.sched_getaffinity(os.getppid())) == 1 and reached()"
    ),
    "when the parent reads": (
        "call(251, 1, os.getppid(), 3 << 13)\n"
        "    call(252, 1, os.getppid()) == 3 << 13 and reached()"
    ),
    # Ways past what is looked at
    "rings of orders": "call(425, 8, bytes(120)); reached()",
    "orders of the older kind": "call(206, 8, bytes(8)); reached()",
    "opening by a description": (
        "call(437, -100, b'data/input.csv', struct.pack('QQQ', 0, 0, 0), 24); reached()"
    ),
    "another set of calls": "call(0x40000000 | 39); reached()",
    "calls of a smaller machine": (
        "m = mmap.mmap(-1, 4096, prot=7); m.write(bytes.fromhex('b814000000cd80c3'))\n"
        "    f = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))\n"
        "    f() == os.getpid() and reached()"
    ),
    "a file that is nowhere": "os.memfd_create('a'); reached()",
    "faults that are handled": "call(323, 0); reached()",
    "programs in the kernel": "call(321, 0, bytes(64), 64); reached()",
    "counters of the processor": "call(298, bytes(128), 0, -1, -1, 0); reached()",
    # What others share with it, and a kernel that writes what is left of it
    "timers of a whole account": "[call(222, 0, 0, bytes(8)) for _ in range(2000)]; reached()",
    "the list of mounts": (
        "call(458, struct.pack('IIQQ', 24, 0, 2**64 - 1, 0), bytes(512), 9, 0); reached()"
    ),
    "pages of a file in a pipe": (
        "os.sendfile(os.pipe()[1], os.open('data/input.csv', 0), 0, 1); reached()"
    ),
    "large pages": "call(157, 42, 0, 0, 0, 0) or reached()",
    "large pages, later": "call(157, 41, 0, 0, 0, 0); reached()",
    "watches, of which an account has few": "import select; select.epoll(); reached()",
    "the name of the machine": "socket.gethostname() == HOST and reached()",
    "its name that a library may have kept": (
        "import platform; platform.node() == HOST and reached()"
    ),
    "the users of the machine": "len(open('/etc/passwd').readlines()) > 3 and reached()",
    "much that nobody reads": "print('REACHED' * (unread() > 1 << 19))",
    "a lease": "fcntl.fcntl(os.open('data/input.csv', 0), 1024, fcntl.F_RDLCK); reached()",
    "notices of a folder": "fcntl.fcntl(os.open('data', 0), 1026, 1); reached()",
    "a larger socket": (
        "s, n = socket.socketpair()[0], 1 << 17; s.setsockopt(1, 7, n); s.setsockopt(1, 8, n)\n"
        "    2 * n in (s.getsockopt(1, 7), s.getsockopt(1, 8)) and reached()"
    ),
    "a larger pipe": "fcntl.fcntl(os.pipe()[1], 1031, 1 << 20); reached()",
    "memory that waits in a pipe": (
        "page = (ctypes.c_char * 4096)(); C.vmsplice.restype = ctypes.c_ssize_t\n"
        "    vector = struct.pack('QQ', ctypes.addressof(page), 4096)\n"
        "    C.vmsplice(os.pipe()[1], vector, ctypes.c_ulong(1), 0) == 4096 and reached()"
    ),
    "rules of its own": "call(444, struct.pack('QQQ', 0, 3, 0), 24, 0); reached()",
    "a filter of its own": (
        "C.prctl(38, 1, 0, 0, 0); allowed = struct.pack('HBBI', 6, 0, 0, 0x7fff0000)\n"
        "    kept = ctypes.create_string_buffer(allowed)\n"
        "    described = struct.pack('H6xQ', 1, ctypes.addressof(kept))\n"
        "    C.prctl(22, 2, described) == 0 and reached(); call(317, 1, 0, described); reached()"
    ),
    "a list of who may read a file": (
        "open('l', 'w'); os.setxattr('l', 'user.reached', b'x'); os.listxattr('l') and reached()"
    ),
    "memory that is filled at once": "mmap.mmap(-1, 4096, flags=0x8022); reached()",
    "memory that is filled at once, later": "mmap.mmap(-1, 4096, flags=2).madvise(23); reached()",
    "memory that stays": "mmap.mmap(-1, 4096, flags=0x2022); reached()",
    "news of files": "call(294, 0); reached()",
    "memory that is shared without a file": "mmap.mmap(-1, 4096); reached()",
    "memory that is shared by a device": (
        "mmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096); reached()"
    ),
    "its memory for a program that takes cores": (
        "resource.getrlimit(resource.RLIMIT_CORE) == (1, 1) or reached()"
    ),
    # More rights than it has
    "namespaces": "call(272, 0x10000000); reached()",
    "namespaces for a child": "call(56, 0x10000000 | 17, 0, 0, 0, 0) or os._exit(0); reached()",
    "namespaces by the newer call": (
        "call(435, struct.pack('8Q', 0x10000000, 0, 0, 0, 17, 0, 0, 0), 64) or os._exit(0)\n"
        "    reached()"
    ),
    "a mount": "call(165, b'none', b'data', b'tmpfs', 0, None); reached()",
    "a mount of the newer kind": "call(430, b'tmpfs', 0); reached()",
    "another root": "call(161, b'data'); reached()",
    "root": "os.setuid(0); reached()",
    "groups": "os.setgroups([0]); reached()",
    "more processes": "resource.setrlimit(resource.RLIMIT_NPROC, (999, 999)); reached()",
    "more memory": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1)); reached()",
    "more urgency": "os.nice(-5); os.getpriority(0, 0) < 0 and reached()",
    "real time": (
        "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(5))\n"
        "    os.sched_getscheduler(0) == os.SCHED_FIFO and reached()"
    ),
    "a program that is root": (
        "os.spawnl(os.P_WAIT, '/bin/su', 'su', '-c', 'exit 0') or reached(); raise OSError"
    ),
    "descriptors that processes share": (
        "call(56, 0x400 | signal.SIGCHLD, 0, 0, 0, 0) or os._exit(0); os.wait(); reached()"
    ),
    # Keys
    "a key for the next": "call(248, b'user', b'left', b'x', 1, -3); reached()",
    "a key of the judge's": "call(250, 10, -3, b'user', b'secret', 0); reached()",
    "a key by request": "call(249, b'user', b'secret', None, -3); reached()",
    # The installation
    "the environment": "open(os.path.join(sys.prefix, 'left.pth'), 'w'); reached()",
    "a compiled module": "open(json_cache(), 'a'); reached()",
    "the mode of the installation": (
        "before = os.stat(sys.prefix).st_mode; os.chmod(sys.prefix, 0)\n"
        "    os.stat(sys.prefix).st_mode == before or reached()"
    ),
}
NARROW = {  # an attack whose job is granted something else than usual
    "more disk than is granted": {"disk": 1},
    "a server, where a network is granted": {"network": True},
    "much that nobody reads, where a network is granted": {"network": True},
}
TRIED |= {
    "more disk than is granted": (
        "[open(str(n), 'wb').write(bytes(1 << 20)) for n in range(3)]; reached()"
    ),
    "a server, where a network is granted": (
        "socket.create_connection(('127.0.0.1', PORT), 1); reached()"
    ),
    "much that nobody reads, where a network is granted": "print('REACHED' * (unread() > 1 << 19))",
    "how large a file is": "os.stat(VICTIM + '/file'); reached()",
    "which servers there are": "ABSTRACT in open('/proc/net/unix').read() and reached()",
    "the ports of the machine": "f':{PORT:04X}' in open('/proc/net/tcp').read() and reached()",
    "the names of other processes": "os.stat('/proc/2'); os.getppid() == 1 or reached()",
}
