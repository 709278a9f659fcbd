"""Known contents of a Modbus device, laid out by Python's struct alone, and what a reader should make of them."""

import struct
from math import inf as INF
from math import nan as NAN

# In which order a value's bytes stand in the registers: A is the most significant.
ORDERS = {
    2: ["AB", "BA"],
    4: ["ABCD", "CDAB", "BADC", "DCBA"],
    6: ["ABCDEF", "EFCDAB", "BADCFE", "FEDCBA"],
    8: ["ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA"],
}

# Data type: its format in struct, and values at its edges and between.
NUMBERS = {
    "int16": ("h", [0, 1, -1, 32767, -32768, -12345]),
    "uint16": ("H", [0, 1, 65535, 32768, 12345]),
    "int32": ("i", [0, -1, 2147483647, -2147483648, 19088743, -123456789]),
    "uint32": ("I", [0, 4294967295, 2147483648, 19088743]),
    "int48": ("q", [0, -1, 2**47 - 1, -(2**47), 1250999896491]),
    "uint48": ("Q", [0, 2**48 - 1, 1250999896491]),
    "int64": ("q", [0, -1, 2**53 - 1, -(2**53) + 1, 81985529216486895, 2**63 - 1, -(2**63)]),
    "uint64": ("Q", [0, 2**53 - 1, 2**64 - 1, 81985529216486895]),
    "float16": ("e", [0.0, 1.5, -65504.0, 6e-8]),
    "float32": ("f", [0.0, -0.0, 1.5, -1.5, 3.4028234663852886e38, 1e-45, 0.1, -123.456, INF, -INF, NAN]),
    "float64": ("d", [0.0, 1.5, -1.5, 1.7976931348623157e308, 5e-324, 0.1, -123.456, INF, NAN]),
    "bcd16": ("bcd", [0, 9999, 1234]),
    "bcd32": ("bcd", [0, 99999999, 12345678]),
}
TEXTS = ["compressor 7", "Ärger", "x", ""]
TEXT_REGISTERS = 8
BITS = [index % 3 == 0 or index % 7 == 0 for index in range(40)]


def permuted(data, order):
    """`data` (most significant byte first) in the given order: DCBA puts the last byte first."""
    return bytes(data["ABCDEFGH".index(letter)] for letter in order)


def packed(name, form, value):
    """The bytes of a number, the most significant first."""
    if form == "bcd":
        return bytes.fromhex(str(value).zfill(int(name[3:]) // 4))
    return struct.pack(">" + form, value)[-int(name.strip("uintfloa")) // 8 :]


def words_of(data):
    return list(struct.unpack(f">{len(data) // 2}H", data))


class Layout:
    """Registers from `start` on, and for each point in them: address, type, order, and the value that was put there."""

    def __init__(self, table, start):
        self.table, self.start, self.words, self.points = table, start, [], []

    def add(self, data, point):
        address = self.start + len(self.words)
        self.points.append({"address": f"{self.table}:{address}{point.pop('suffix', '')}", **point})
        self.words += words_of(data)

    def add_numbers(self):
        for name, (form, values) in NUMBERS.items():
            for value in values:
                data = packed(name, form, value)
                # As text, because JSON has no 64-bit integers; a float is told as the double that it is on the wire.
                exact = struct.unpack(">" + form, data)[0] if name.startswith("float") else value
                for order in ORDERS[len(data)]:
                    self.add(permuted(data, order), {"type": name, "order": order, "value": repr(exact)})

    def add_texts(self):
        for text in TEXTS:
            data = text.encode().ljust(TEXT_REGISTERS * 2, b"\0")
            self.add(data, {"type": "string", "suffix": f"[{TEXT_REGISTERS}]", "value": text})

    def add_bits_of_registers(self):
        word = 0b1010_0101_1100_0011
        fields = [(f".{bit}", "bool", word >> bit & 1) for bit in range(16)]
        fields += [(".4-7", "uint8", 0b1100), (".4-7", "int16", -4), (".5-15", "uint16", word >> 5)]
        fields += [(".low", "uint8", 0xC3), (".low", "int8", 0xC3 - 256), (".high", "uint8", 0xA5)]
        for suffix, kind, value in fields:
            self.add(struct.pack(">H", word), {"type": kind, "suffix": suffix, "value": str(value)})


def bit_points(table, start):
    return [{"address": f"{table}:{start + i}", "type": "bool", "value": str(int(bit))} for i, bit in enumerate(BITS)]
