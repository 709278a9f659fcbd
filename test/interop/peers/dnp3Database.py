"""The points of the DNP3 outstation: of each kind as many as settings say, in every variation and class by turns."""

import ctypes

import opendnp3 as dnp

EVENT_CLASSES = [dnp.PointClass.Class1, dnp.PointClass.Class2, dnp.PointClass.Class3]
# The maps of opendnp3's DatabaseConfig in their order, and where in a map's value the settings of the point begin: behind
# the index of two bytes, aligned as its deadband wants it.
KINDS = {
    "binary": (0, 2, dnp.StaticBinaryVariation, dnp.EventBinaryVariation, "Group1Var2"),
    "doubleBit": (1, 2, dnp.StaticDoubleBinaryVariation, dnp.EventDoubleBinaryVariation, "Group3Var2"),
    "analog": (2, 8, dnp.StaticAnalogVariation, dnp.EventAnalogVariation, "Group30Var1"),
    "counter": (3, 4, dnp.StaticCounterVariation, dnp.EventCounterVariation, "Group20Var1"),
    "frozenCounter": (4, 4, dnp.StaticFrozenCounterVariation, dnp.EventFrozenCounterVariation, "Group21Var1"),
    "binaryOutput": (5, 2, dnp.StaticBinaryOutputStatusVariation, dnp.EventBinaryOutputStatusVariation, "Group10Var2"),
    "analogOutput": (6, 8, dnp.StaticAnalogOutputStatusVariation, dnp.EventAnalogOutputStatusVariation, "Group40Var1"),
}
MAP_SIZE, ROOT, LEFT, RIGHT, VALUE = 48, 16, 16, 24, 32


def make_database(count):
    """A configuration of `count` points of each kind, and what it is of each."""
    config = dnp.DatabaseConfig(count)
    points = []
    for kind, (position, offset, static, event, default) in KINDS.items():
        statics, events = list(static.__members__), list(event.__members__)
        for index, address in enumerate(settings_of_points(config, position, offset)):
            names = statics[index % len(statics)], events[index % len(events)]
            point_class = EVENT_CLASSES[index % len(EVENT_CLASSES)]
            settings = (ctypes.c_uint8 * 3).from_address(address)
            if list(settings) != [static.__members__[default].value, dnp.PointClass.Class1.value, 0]:
                raise RuntimeError("this build of yadnp3 lays its configuration out differently")
            settings[:] = [static.__members__[names[0]].value, point_class.value, event.__members__[names[1]].value]
            point = {"kind": kind, "index": index, "class": index % len(EVENT_CLASSES) + 1}
            points.append({**point, "static": variation_of(names[0]), "event": variation_of(names[1])})
    return config, points


def settings_of_points(config, position, offset):
    """Where the settings (static variation, class, event variation: a byte each) of the points of a map lie in memory.

    yadnp3 has no binding for them. A pybind11 object holds the address of its C++ object behind its head, a std::map the
    root of its red-black tree, and each node its children and then index and settings.
    """

    def word(address):
        return ctypes.c_uint64.from_address(address).value

    def walk(node):
        if node:
            yield from walk(word(node + LEFT))
            yield node + VALUE + offset
            yield from walk(word(node + RIGHT))

    return walk(word(word(id(config) + object.__basicsize__) + position * MAP_SIZE + ROOT))


def variation_of(name):
    """`30/1` of `Group30Var1`."""
    return name.removeprefix("Group").replace("Var", "/")


def measurement(kind, value, flags, time, quality="SYNCHRONIZED"):
    """What opendnp3 keeps of a point; `quality` is that of its time."""
    made = {
        "binary": lambda: dnp.Binary(bool(value)),
        "doubleBit": lambda: dnp.DoubleBitBinary(dnp.DoubleBit.__members__[value]),
        "analog": lambda: dnp.Analog(value),
        "counter": lambda: dnp.Counter(value),
        "binaryOutput": lambda: dnp.BinaryOutputStatus(bool(value)),
        "analogOutput": lambda: dnp.AnalogOutputStatus(value),
    }[kind]()
    # Binary points keep their state in the flags, too (clause 11.6.1 of IEEE 1815: bit 7, or bits 6 and 7).
    state = made.flags.value & {"binary": 0x80, "binaryOutput": 0x80, "doubleBit": 0xC0}.get(kind, 0)
    made.flags = dnp.Flags(flags | state)
    made.time = dnp.DNPTime(time, dnp.TimestampQuality.__members__[quality])
    return made
