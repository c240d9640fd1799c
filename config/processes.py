"""Child processes that end when their parent ends, even by kill -9."""

import ctypes
import os
import signal
import subprocess

User = tuple[int, int] | None  # user and group number; None for whoever we are

# Root in a namespace of its own that knows no users: a process there is nobody and still owns root's files.
ROOT_AS_NOBODY = (0, 0)

PR_SET_PDEATHSIG, CLONE_NEWUSER = 1, 0x10000000  # <linux/prctl.h>, <linux/sched.h>
libc = ctypes.CDLL(None, use_errno=True)  # loaded here: a forked child should load nothing


def ends_with_parent(signum: int) -> None:
    """Asks the kernel to send this process the signal when its parent has ended."""
    libc.prctl(PR_SET_PDEATHSIG, signum)


def start_child(command: list[str], signum: int, user: User = None, **options) -> subprocess.Popen:
    parent = os.getpid()

    def prepare():  # in the child; after the change of user, which would clear the parent-death signal
        if user == ROOT_AS_NOBODY and libc.unshare(CLONE_NEWUSER):
            raise OSError(ctypes.get_errno(), "unshare")
        ends_with_parent(signum)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    if user and user != ROOT_AS_NOBODY:
        options |= {"user": user[0], "group": user[1], "extra_groups": []}
    # A process group of its own: the terminal's Ctrl-C is for the parent, which stops its children in order.
    return subprocess.Popen(command, process_group=0, preexec_fn=prepare, **options)
