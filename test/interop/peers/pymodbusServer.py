"""A Modbus server made of pymodbus: several units with known contents, over every transport.

Settings: `transport` (tcp, tls, rtu, ascii, rtu-tcp, ascii-tcp), `path` of the serial port, `port` (any where absent), `tls`
(cert, key, ca), `units`, `revision`: what it says of its own.
Ready with `port` and with `points` of each unit. Registers from `holding:2000` on hold their own address plus
1000 times the unit, so that an answer to another question never looks right.
"""

import asyncio
import functools
import ssl
import struct
import threading
import time

from pymodbus.constants import ExcCodes
from pymodbus.framer import FramerType
from pymodbus.pdu.device import ModbusDeviceIdentification
from pymodbus.pdu.file_message import FileRecord, ReadFifoQueueRequest, ReadFifoQueueResponse
from pymodbus.pdu.file_message import ReadFileRecordRequest, ReadFileRecordResponse
from pymodbus.server import ModbusSerialServer, ModbusTcpServer, ModbusTlsServer
from pymodbus.simulator import DataType, SimData, SimDevice

import peer
from registers import BITS, Layout, bit_points

HOLDING_START, INPUT_START, COIL_START, DISCRETE_START, OWN_START, OWN_COUNT = 100, 300, 5, 21, 2000, 300
QUEUE_ADDRESS, QUEUE = 1246, [440, 4740, 65535]
FILE, FILE_RECORDS = 4, [word * 3 % 65536 for word in range(200)]
IDENTITY = {0: "Acme", 1: "Gate 7", 2: "V2.11", 3: "https://example.org", 4: "Gate", 5: "G7", 6: "line 3"}

settings = peer.settings()
IDENTITY[2] = settings.get("revision", IDENTITY[2])
refused = {}
delay_s = 0.0
requests = 0
answering = None


class FileRequest(ReadFileRecordRequest):
    """pymodbus answers every such request with a dummy, and takes the length, which counts registers, for one of bytes."""

    def decode(self, data):
        fields = struct.iter_unpack(">BHHH", data[1 : 1 + data[0]])
        self.records = [FileRecord(file, record, record_length=2 * count) for _, file, record, count in fields]

    async def datastore_update(self, context, device_id):
        records = [data_of(record) for record in self.records]
        return ReadFileRecordResponse(records=records, dev_id=device_id, transaction_id=self.transaction_id)


class QueueRequest(ReadFifoQueueRequest):
    """pymodbus answers every such request with a dummy; this one has a queue."""

    async def datastore_update(self, context, device_id):
        return ReadFifoQueueResponse(values=QUEUE, dev_id=device_id, transaction_id=self.transaction_id)


def data_of(record):
    words = FILE_RECORDS[record.record_number : record.record_number + record.record_length]
    return FileRecord(record_data=b"".join(word.to_bytes(2, "big") for word in words))


def contents(unit):
    """The four tables of a unit, and what stands in them."""
    holding = Layout("holding", HOLDING_START)
    holding.add_numbers()
    holding.add_texts()
    inputs = Layout("input", INPUT_START)
    inputs.add_bits_of_registers()
    inputs.add_numbers()
    own = [(OWN_START + index + 1000 * unit) % 65536 for index in range(OWN_COUNT)]
    points = [*holding.points, *inputs.points, *bit_points("coil", COIL_START), *bit_points("discrete", DISCRETE_START)]
    tables = (
        [SimData(COIL_START, values=BITS, datatype=DataType.BITS)],
        [SimData(DISCRETE_START, values=BITS, datatype=DataType.BITS)],
        [registers(HOLDING_START, holding.words), registers(OWN_START, own)],
        [registers(INPUT_START, inputs.words)],
    )
    return tables, points


def registers(start, words):
    return SimData(start, values=words, datatype=DataType.REGISTERS)


async def refuse_some(unit, function, _start, address, count, _registers, _values):
    """Refuses what the test has named; addresses of bits come in words of 16, so bits cannot be refused one by one."""
    for (at_unit, at_function, at), code in refused.items():
        if (at_unit, at_function) == (unit, function) and address <= at < address + count:
            return ExcCodes(code)
    return None


def trace_packet(is_sending, data):
    """Counts what comes, and holds the whole server up before it answers, as a slow device does."""
    global requests
    if not is_sending:
        requests += 1
        return data
    time.sleep(delay_s)
    return data if answering in settings["units"] else b""


def trace_pdu(is_sending, pdu):
    """pymodbus answers for a unit that it does not have; on a real line nobody does."""
    global answering
    if is_sending:
        answering = pdu.dev_id
    return pdu


def device(unit):
    return SimDevice(unit, simdata=contents(unit)[0], action=functools.partial(refuse_some, unit))


def identity():
    made = ModbusDeviceIdentification()
    for number, text in IDENTITY.items():
        made[number] = text
    return made


def make_server():
    transport, devices = settings["transport"], [device(unit) for unit in settings["units"]]
    common = {"identity": identity(), "trace_packet": trace_packet, "trace_pdu": trace_pdu}
    common["custom_pdu"] = [FileRequest, QueueRequest]
    framer = {"rtu": FramerType.RTU, "ascii": FramerType.ASCII, "tcp": FramerType.SOCKET}
    if transport == "tls":
        files = settings["tls"]
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=files["ca"])
        context.load_cert_chain(files["cert"], files["key"])
        context.verify_mode = ssl.CERT_REQUIRED
        return ModbusTlsServer(devices, address=("127.0.0.1", settings.get("port", 0)), sslctx=context, **common)
    if transport in ("rtu", "ascii"):
        return ModbusSerialServer(devices, framer=framer[transport], port=settings["path"], baudrate=19200, **common)
    return ModbusTcpServer(devices, framer=framer[transport.split("-")[0]], address=("127.0.0.1", settings.get("port", 0)), **common)


def run_server(started, ports):
    async def run():
        server = make_server()
        await server.serve_forever(background=True)
        ports.extend(socket.getsockname()[1] for socket in getattr(server.transport, "sockets", []))
        started.set()
        await server.serving

    asyncio.run(run())


def refuse(unit, function, address, code):
    """Answers every read by `function` that touches `address` with the exception `code`; with none where that is null."""
    refused.pop((unit, function, address), None)
    if code is not None:
        refused[unit, function, address] = code


def delay(ms):
    global delay_s
    delay_s = ms / 1000


started, ports = threading.Event(), []
threading.Thread(target=run_server, args=(started, ports), daemon=True).start()
started.wait()
ready = {
    "port": next(iter(ports), None),
    "points": {unit: contents(unit)[1] for unit in settings["units"]},
    "identity": IDENTITY,
    "queue": {"address": QUEUE_ADDRESS, "values": QUEUE},
    "file": {"number": FILE, "records": FILE_RECORDS},
}
peer.serve(ready, {"refuse": refuse, "delay": delay, "requests": lambda: requests})
