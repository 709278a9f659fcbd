"""A Modbus server made of libmodbus, over TCP or, for one unit, RTU on a serial port.

Settings: `transport` (tcp, rtu), `path` of the serial port, `unit`. Ready with `port` and `points`.
"""

import ctypes
import socket
import threading
import time

import peer
from registers import BITS, Layout, bit_points

# The numbers of modbus.h.
MAX_FRAME = 260
TABLE_SIZE = 2048
HOLDING_START, INPUT_START, COIL_START, DISCRETE_START = 10, 500, 5, 21


class Mapping(ctypes.Structure):
    """modbus_mapping_t"""

    _fields_ = [
        *[(name, ctypes.c_int) for name in ("nb_bits", "start_bits", "nb_input_bits", "start_input_bits")],
        *[(name, ctypes.c_int) for name in ("nb_input_registers", "start_input_registers")],
        *[(name, ctypes.c_int) for name in ("nb_registers", "start_registers")],
        *[(name, ctypes.POINTER(ctypes.c_uint8)) for name in ("tab_bits", "tab_input_bits")],
        *[(name, ctypes.POINTER(ctypes.c_uint16)) for name in ("tab_input_registers", "tab_registers")],
    ]


library = ctypes.CDLL("libmodbus.so.5", use_errno=True)
library.modbus_new_tcp.restype = library.modbus_new_rtu.restype = ctypes.c_void_p
library.modbus_mapping_new.restype = ctypes.POINTER(Mapping)
settings = peer.settings()
delay_s = 0.0
requests = 0


def fill(mapping):
    holding, inputs = Layout("holding", HOLDING_START), Layout("input", INPUT_START)
    for layout, table in [(holding, mapping.tab_registers), (inputs, mapping.tab_input_registers)]:
        layout.add_texts()
        layout.add_numbers()
        for index, word in enumerate(layout.words):
            table[layout.start + index] = word
    for start, table in [(COIL_START, mapping.tab_bits), (DISCRETE_START, mapping.tab_input_bits)]:
        for index, bit in enumerate(BITS):
            table[start + index] = bit
    return [*holding.points, *inputs.points, *bit_points("coil", COIL_START), *bit_points("discrete", DISCRETE_START)]


def open_context():
    """The server's context, and a function that makes it ready for the next client."""
    if settings["transport"] == "rtu":
        path, parity = settings["path"].encode(), ctypes.c_char(b"N")
        context = ctypes.c_void_p(library.modbus_new_rtu(path, 19200, parity, 8, 1))
        library.modbus_set_slave(context, settings["unit"])
        return context, None, lambda: check(library.modbus_connect(context))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    context = ctypes.c_void_p(library.modbus_new_tcp(b"127.0.0.1", port))
    listener = ctypes.c_int(check(library.modbus_tcp_listen(context, 1)))
    return context, port, lambda: check(library.modbus_tcp_accept(context, ctypes.byref(listener)))


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "libmodbus failed")
    return result


def answer_for_ever(context, take_client, mapping):
    global requests
    request = (ctypes.c_uint8 * MAX_FRAME)()
    while True:
        take_client()
        while (length := library.modbus_receive(context, request)) >= 0:
            if length == 0:
                # A frame to another unit of the line.
                continue
            requests += 1
            time.sleep(delay_s)
            library.modbus_reply(context, request, length, mapping)
        library.modbus_close(context)


def delay(ms):
    global delay_s
    delay_s = ms / 1000


mapping = library.modbus_mapping_new(*[TABLE_SIZE] * 4)
points = fill(mapping.contents)
context, port, take_client = open_context()
threading.Thread(target=answer_for_ever, args=(context, take_client, mapping), daemon=True).start()
peer.serve({"port": port, "points": {settings.get("unit", 1): points}}, {"delay": delay, "requests": lambda: requests})
