"""What a sandboxed program might try. Each attempt runs in a process of its own and succeeds by coming back.

Prints one JSON object: name of the attempt -> "succeeded", the name of an error, or the signal that ended it.
Arguments: names of attempts; a value after "=" is what the attempt gets.
"""

import ctypes
import errno
import json
import mmap
import os
import platform
import signal
import socket
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
AMD64 = platform.machine() == "x86_64"

# asm/unistd_64.h and asm-generic/unistd.h; from 424 on they are the same.
NUMBERS = {
    "ptrace": (101, 117),
    "personality": (135, 92),
    "chroot": (161, 51),
    "mount": (165, 40),
    "syslog": (103, 116),
    "unshare": (272, 97),
    "clone": (56, 220),
    "mbind": (237, 235),
    "get_mempolicy": (239, 236),
    "set_mempolicy": (238, 237),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "vmsplice": (278, 75),
    "perf_event_open": (298, 241),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "setns": (308, 268),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "clone3": (435, 435),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "memfd_secret": (447, 447),
    "remap_file_pages": (216, 234),
    "adjtimex": (159, 171),
    "modify_ldt": (154, None),
}

CLONE_NEWUSER = 0x10000000
CLONE_NEWNS = 0x00020000


def call(name, *arguments):
    number = NUMBERS[name][0 if AMD64 else 1]
    if number is None:
        raise OSError(errno.ENOSYS, name)
    values = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *values)
    if result < 0:
        raise OSError(ctypes.get_errno(), name)
    return result


def own_child():
    """A process of the same user that waits; its secret lies at a known address."""
    secret = ctypes.create_string_buffer(b"secret of another process")
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    return child, secret


# Families and protocols of sockets

def socket_of(family, kind, protocol=0):
    return lambda _: socket.socket(family, kind, protocol).close()


# Namespaces and what follows from them

def unshare_user(_):
    call("unshare", CLONE_NEWUSER)


def clone_user(_):
    child = call("clone", CLONE_NEWUSER | signal.SIGCHLD, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def clone3_user(_):
    arguments = struct.pack("8Q", CLONE_NEWUSER, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    child = call("clone3", ctypes.c_char_p(arguments), len(arguments))
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def mount_in_own_namespace(_):
    call("unshare", CLONE_NEWUSER | CLONE_NEWNS)
    call("mount", b"none", b"/tmp", b"tmpfs", 0, b"size=4k")


def new_mount_interface(_):
    call("unshare", CLONE_NEWUSER | CLONE_NEWNS)
    call("fsopen", b"tmpfs", 0)


def clone_mount_tree(_):
    call("unshare", CLONE_NEWUSER | CLONE_NEWNS)
    # OPEN_TREE_CLONE | AT_RECURSIVE
    call("open_tree", -100, b"/", 0x8001)


def chroot_in_own_namespace(_):
    call("unshare", CLONE_NEWUSER)
    call("chroot", b"/tmp")


def join_own_namespace(_):
    descriptor = os.open("/proc/self/ns/user", os.O_RDONLY)
    try:
        call("setns", descriptor, CLONE_NEWUSER)
    except OSError as error:
        # What the kernel itself says to one who is there already.
        if error.errno != errno.EINVAL:
            raise


# Other processes

def ptrace_child(_):
    child, _secret = own_child()
    try:
        call("ptrace", 16, child, 0, 0)
    finally:
        os.kill(child, signal.SIGKILL)


def vector(address, length):
    return ctypes.c_char_p(struct.pack("QQ", address, length))


def read_child_memory(_):
    child, secret = own_child()
    buffer = ctypes.create_string_buffer(32)
    try:
        call("process_vm_readv", child, vector(ctypes.addressof(buffer), 25), 1, vector(ctypes.addressof(secret), 25), 1, 0)
    finally:
        os.kill(child, signal.SIGKILL)


def write_child_memory(_):
    child, secret = own_child()
    buffer = ctypes.create_string_buffer(b"another secret")
    try:
        call("process_vm_writev", child, vector(ctypes.addressof(buffer), 5), 1, vector(ctypes.addressof(secret), 5), 1, 0)
    finally:
        os.kill(child, signal.SIGKILL)


def take_child_descriptor(_):
    child, _secret = own_child()
    try:
        os.close(call("pidfd_getfd", os.pidfd_open(child), 0, 0))
    finally:
        os.kill(child, signal.SIGKILL)


def compare_with_child(_):
    child, _secret = own_child()
    try:
        call("kcmp", os.getpid(), child, 1, 0, 0)
    finally:
        os.kill(child, signal.SIGKILL)


# The kernel

def io_uring(_):
    os.close(call("io_uring_setup", 1, ctypes.create_string_buffer(120)))


def load_bpf(_):
    # BPF_MAP_CREATE of an array of one entry.
    attributes = struct.pack("4I", 2, 4, 4, 1).ljust(72, b"\0")
    os.close(call("bpf", 0, ctypes.c_char_p(attributes), len(attributes)))


def count_events(_):
    # A software clock of this process alone, without the kernel's share.
    attributes = struct.pack("IIQQQQQ", 1, 112, 1, 0, 0, 0, 0b1100000).ljust(112, b"\0")
    os.close(call("perf_event_open", ctypes.c_char_p(attributes), 0, -1, -1, 0))


def user_faults(_):
    os.close(call("userfaultfd", 1))


def make_key(_):
    call("add_key", b"user", b"skillcrate-attempt", b"x", 1, -2)


def ask_for_key(_):
    try:
        call("request_key", b"user", b"skillcrate-nothing", None, -2)
    except OSError as error:
        if error.errno != errno.ENOKEY:
            raise


def read_keyring(_):
    # KEYCTL_GET_KEYRING_ID of the process's own.
    call("keyctl", 0, -2, 1)


def kernel_log(_):
    # SYSLOG_ACTION_SIZE_BUFFER
    call("syslog", 10, None, 0)


def no_randomisation(_):
    call("personality", 0x0040000)


def handle_of_file(_):
    handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0).ljust(136, b"\0"), 136)
    mount_id = ctypes.c_int()
    call("name_to_handle_at", -100, b"/tmp", handle, ctypes.byref(mount_id), 0)


def watch_everything(_):
    # FAN_CLASS_NOTIF | FAN_REPORT_FID, which needs no capability.
    os.close(call("fanotify_init", 0x200, 0))


def secret_memory(_):
    os.close(call("memfd_secret", 0))


def memory_policy(_):
    call("set_mempolicy", 0, None, 0)


def read_memory_policy(_):
    call("get_mempolicy", None, None, 0, None, 0)


def move_own_pages(_):
    call("move_pages", 0, 0, None, None, None, 0)


def give_pages_away(_):
    readable, writable = os.pipe()
    page = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    call("vmsplice", writable, vector(address, 4096), 1, 0)


def read_clock_discipline(_):
    call("adjtimex", ctypes.create_string_buffer(208))


def local_descriptors(_):
    call("modify_ldt", 0, ctypes.create_string_buffer(16), 16)


def calls_of_32_bit(_):
    """getpid of the 32-bit table, by its own gate."""
    if not AMD64:
        raise OSError(errno.ENOSYS, "int 0x80")
    # mov eax, 20; int 0x80; ret
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    if ctypes.CFUNCTYPE(ctypes.c_int)(address)() != os.getpid():
        raise OSError(errno.ENOSYS, "int 0x80")


# Files

def read_file(path):
    with open(path, "rb") as file:
        if file.read(16) == b"":
            raise OSError(errno.ENODATA, path)


def write_file(path):
    with open(path, "wb") as file:
        file.write(b"x")


def open_file(path):
    os.close(os.open(path, os.O_RDWR))


def run_as_root(path):
    """`path`: Python, with root's setuid bit."""
    if os.spawnl(os.P_WAIT, path, path, "-c", "import os, sys; sys.exit(os.geteuid())") != 0:
        raise OSError(errno.EPERM, path)


def fill(path):
    """`FOLDER:MEBIBYTES`"""
    folder, size = path.split(":")
    name = os.path.join(folder, "skillcrate-attempt")
    try:
        with open(name, "wb") as file:
            for _ in range(int(size)):
                file.write(bytes(1 << 20))
    finally:
        os.unlink(name)


# Others

def connect(address):
    host, port = address.rsplit(":", 1)
    socket.create_connection((host, int(port)), 3).close()


def connect_abstract(name):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + name)


def shared_memory_of(key):
    if libc.shmget(int(key), 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "shmget")


def see_process(text):
    """Finds a process by a word of its command line."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if text.encode() in file.read() and int(pid) not in (os.getpid(), os.getppid()):
                    return
        except (FileNotFoundError, ProcessLookupError):
            continue
    raise OSError(errno.ESRCH, text)


def see_cgroup_of_host(_):
    with open("/proc/self/cgroup") as file:
        if all(line.strip().endswith(":/") for line in file):
            raise OSError(errno.ENOENT, "cgroup")


def host_name(name):
    if socket.gethostname() != name:
        raise OSError(errno.ENOENT, name)


# Using things up

def many_processes(count):
    children = []
    try:
        for _ in range(int(count)):
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def much_memory(mebibytes):
    block = mmap.mmap(-1, int(mebibytes) << 20)
    for offset in range(0, len(block), 4096):
        block[offset] = 1


def many_files(count):
    files = [os.open("/dev/null", os.O_RDONLY) for _ in range(16)]
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (int(count) + 64, int(count) + 64))
    for _ in range(int(count)):
        files.append(os.dup(files[0]))


def core_file(_):
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))


def zombie(_):
    """An orphan that has ended is still there if nobody buries it."""
    import time

    readable, writable = os.pipe()
    if os.fork() == 0:
        orphan = os.fork()
        if orphan == 0:
            time.sleep(0.1)
            os._exit(0)
        os.write(writable, str(orphan).encode())
        os._exit(0)
    os.wait()
    orphan = int(os.read(readable, 16))
    for _ in range(20):
        time.sleep(0.1)
        try:
            with open(f"/proc/{orphan}/stat") as file:
                state = file.read().rsplit(") ", 1)[1][0]
        except FileNotFoundError:
            raise OSError(errno.ESRCH, "zombie") from None
    if state != "Z":
        raise OSError(errno.ESRCH, "zombie")


ATTEMPTS = {
    "AF_ALG socket": socket_of(38, socket.SOCK_SEQPACKET),
    "AF_VSOCK socket": socket_of(40, socket.SOCK_STREAM),
    "device events socket": socket_of(16, socket.SOCK_RAW, 15),
    "UDP-Lite socket": socket_of(socket.AF_INET, socket.SOCK_DGRAM, 136),
    "user namespace by unshare": unshare_user,
    "user namespace by clone": clone_user,
    "user namespace by clone3": clone3_user,
    "mount": mount_in_own_namespace,
    "fsopen": new_mount_interface,
    "open_tree": clone_mount_tree,
    "chroot": chroot_in_own_namespace,
    "setns": join_own_namespace,
    "ptrace": ptrace_child,
    "process_vm_readv": read_child_memory,
    "process_vm_writev": write_child_memory,
    "pidfd_getfd": take_child_descriptor,
    "kcmp": compare_with_child,
    "io_uring": io_uring,
    "bpf": load_bpf,
    "perf_event_open": count_events,
    "userfaultfd": user_faults,
    "add_key": make_key,
    "request_key": ask_for_key,
    "keyctl": read_keyring,
    "syslog": kernel_log,
    "personality": no_randomisation,
    "name_to_handle_at": handle_of_file,
    "fanotify": watch_everything,
    "memfd_secret": secret_memory,
    "set_mempolicy": memory_policy,
    "get_mempolicy": read_memory_policy,
    "move_pages": move_own_pages,
    "vmsplice": give_pages_away,
    "adjtimex": read_clock_discipline,
    "modify_ldt": local_descriptors,
    "32-bit calls": calls_of_32_bit,
    "read": read_file,
    "write": write_file,
    "open": open_file,
    "run as root": run_as_root,
    "fill": fill,
    "connect": connect,
    "abstract socket": connect_abstract,
    "shared memory": shared_memory_of,
    "process": see_process,
    "cgroup path": see_cgroup_of_host,
    "host name": host_name,
    "processes": many_processes,
    "memory": much_memory,
    "files": many_files,
    "core file": core_file,
    "zombie": zombie,
}


def outcome_of(attempt, value):
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        # Nothing here takes long: what hangs is ended, and told by the signal.
        signal.alarm(20)
        try:
            attempt(value)
            result = "succeeded"
        except OSError as error:
            result = errno.errorcode.get(error.errno, str(error))
        except ValueError:
            # What setrlimit says for EPERM.
            result = "EPERM"
        os.write(writable, result.encode())
        os._exit(0)
    os.close(writable)
    result = os.read(readable, 100).decode()
    os.close(readable)
    _, status = os.waitpid(child, 0)
    return result or signal.Signals(os.WTERMSIG(status)).name


def main():
    outcomes = {}
    for argument in sys.argv[1:]:
        name, _, value = argument.partition("=")
        outcomes[argument] = outcome_of(ATTEMPTS[name], value)
    print(json.dumps(outcomes))


main()
