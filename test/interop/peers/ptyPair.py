"""Two pseudo-terminals that are linked as by a null-modem cable: a serial line with a device file at each end.

Ready with `ends`, the two device files. `inject` puts bytes (hexadecimal) onto the line as one end hears it, and `cut` says
whether the line carries bytes at all.
"""

import os
import pty
import threading
import tty

import peer

# The far sides stay open here as well: a terminal whose last user has gone would refuse to be read.
pairs = [pty.openpty(), pty.openpty()]
masters = [master for master, _ in pairs]
carries = threading.Event()
carries.set()


def forward(source, target):
    while True:
        data = os.read(source, 4096)
        if carries.is_set():
            os.write(target, data)


def inject(hex, end):
    os.write(masters[end], bytes.fromhex(hex))


def cut(is_cut):
    carries.clear() if is_cut else carries.set()


for _, slave in pairs:
    tty.setraw(slave)
for source, target in [masters, masters[::-1]]:
    threading.Thread(target=forward, args=(source, target), daemon=True).start()
peer.serve({"ends": [os.ttyname(slave) for _, slave in pairs]}, {"inject": inject, "cut": cut})
