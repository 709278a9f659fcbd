"""A DNP3 outstation made of opendnp3 (yadnp3), with points of every kind, variation and class.

Settings: `mode` (listen, call, serial), `port` or `path`, `tls` (cert, key, ca), `outstation`, `master`: the addresses,
`count`: points of each kind, `unsolicited`, `fragment`: the largest it sends, `buffer`: events it keeps of each kind.
Ready with `points`. A restart of the device is a restart of this program.
"""

import opendnp3 as dnp

import peer
from dnp3Database import make_database, measurement

settings = {
    "outstation": 10,
    "master": 1,
    "count": 24,
    "unsolicited": False,
    "fragment": 2048,
    "buffer": 1000,
    **peer.settings(),
}
record = {"confirmed": 0, "unsolicitedConfirmed": 0, "timesWritten": [], "states": []}
indications = dnp.ApplicationIIN()


class Application(dnp.IOutstationApplication):
    """Keeps what the master did to the outstation."""

    def GetApplicationIIN(self):
        return indications

    def SupportsWriteAbsoluteTime(self):
        return True

    def WriteAbsoluteTime(self, timestamp):
        record["timesWritten"].append(timestamp.msSinceEpoch)
        indications.needTime = False
        return True

    def OnConfirmProcessed(self, is_unsolicited, num_class1, num_class2, num_class3):
        record["unsolicitedConfirmed" if is_unsolicited else "confirmed"] += 1


class Listener(dnp.IChannelListener):
    def OnStateChange(self, state):
        record["states"].append(state.name)


class Commands(dnp.ICommandHandler):
    """Nobody may operate anything: opendnp3 answers a handler without methods with an error, which ends this program."""


def open_channel(manager):
    levels, listener = dnp.levels.NOTHING, Listener()
    retry = dnp.ChannelRetry(dnp.TimeDuration.Milliseconds(50), dnp.TimeDuration.Milliseconds(200))
    if settings["mode"] == "serial":
        serial = dnp.SerialSettings()
        serial.deviceName, serial.baud = settings["path"], 9600
        return manager.AddSerial("line", levels, retry, serial, listener), listener
    endpoint = dnp.IPEndpoint("127.0.0.1", settings["port"])
    tls = settings.get("tls")
    files = tls and dnp.TLSConfig(tls["ca"], tls["cert"], tls["key"])
    if settings["mode"] == "call":
        if tls:
            return manager.AddTLSClient("line", levels, retry, [endpoint], "127.0.0.1", files, listener), listener
        return manager.AddOutstationTCPClient("line", levels, retry, [endpoint], "127.0.0.1", listener), listener
    accept = dnp.ServerAcceptMode.CloseExisting
    if tls:
        return manager.AddTLSServer("line", levels, accept, endpoint, files, listener), listener
    return manager.AddTCPServer("line", levels, accept, endpoint, listener), listener


def stack_config(database):
    config = dnp.OutstationStackConfig(database)
    config.link.LocalAddr, config.link.RemoteAddr = settings["outstation"], settings["master"]
    config.outstation.eventBufferConfig = dnp.EventBufferConfig.AllTypes(settings["buffer"])
    params = config.outstation.params
    params.allowUnsolicited = settings["unsolicited"]
    params.maxTxFragSize = settings["fragment"]
    params.solConfirmTimeout = params.unsolConfirmTimeout = dnp.TimeDuration.Milliseconds(500)
    return config


def update(updates, event="Force"):
    """Sets points, all at one stroke; each is `[kind, index, value, flags, time in ms]`."""
    builder = dnp.UpdateBuilder()
    for kind, index, value, flags, time in updates:
        builder.Update(measurement(kind, value, flags, time), index, dnp.EventMode.__members__[event])
    outstation.Apply(builder.Build())


def freeze(indexes):
    builder = dnp.UpdateBuilder()
    for index in indexes:
        builder.FreezeCounter(index, False, dnp.EventMode.Force)
    outstation.Apply(builder.Build())


def indicate(**bits):
    """Sets internal indications: needTime, localControl, deviceTrouble, configCorrupt."""
    for name, value in bits.items():
        setattr(indications, name, value)


database, points = make_database(settings["count"])
manager = dnp.DNP3Manager(1)
channel, listener = open_channel(manager)
application, commands = Application(), Commands()
outstation = channel.AddOutstation("outstation", commands, application, stack_config(database))
outstation.Enable()
peer.serve(
    {"points": points},
    {"update": update, "freeze": freeze, "indicate": indicate, "record": lambda: record},
)
