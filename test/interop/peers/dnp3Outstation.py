"""A DNP3 outstation made of opendnp3 (yadnp3), with points of every kind, variation and class.

Settings: `mode` (listen, call, serial), `port` or `path`, `tls` (cert, key, ca), `stations`: the addresses of the
outstations on this line, `count`: points of each kind, `unsolicited`, `fragment`: the largest it sends, `buffer`: events
it keeps of each kind. Ready with `points`, which are those of every outstation. A restart of the device is a restart of
this program.
"""

import opendnp3 as dnp

import peer
from dnp3Database import make_database, measurement

MASTER = 1
settings = {
    "stations": [10],
    "count": 24,
    "unsolicited": False,
    "fragment": 2048,
    "buffer": 1000,
    **peer.settings(),
}
record = {"confirmed": 0, "unsolicitedConfirmed": 0, "timesWritten": []}
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
        pass


class Commands(dnp.ICommandHandler):
    """Nobody operates anything here."""


def open_channel(manager, listener):
    levels = dnp.levels.NOTHING
    retry = dnp.ChannelRetry(dnp.TimeDuration.Milliseconds(50), dnp.TimeDuration.Milliseconds(200))
    if settings["mode"] == "serial":
        serial = dnp.SerialSettings()
        serial.deviceName, serial.baud = settings["path"], 9600
        return manager.AddSerial("line", levels, retry, serial, listener)
    endpoint = dnp.IPEndpoint("127.0.0.1", settings["port"])
    tls = settings.get("tls")
    files = tls and dnp.TLSConfig(tls["ca"], tls["cert"], tls["key"])
    if settings["mode"] == "call":
        if tls:
            return manager.AddTLSClient("line", levels, retry, [endpoint], "127.0.0.1", files, listener)
        return manager.AddOutstationTCPClient("line", levels, retry, [endpoint], "127.0.0.1", listener)
    accept = dnp.ServerAcceptMode.CloseExisting
    if tls:
        return manager.AddTLSServer("line", levels, accept, endpoint, files, listener)
    return manager.AddTCPServer("line", levels, accept, endpoint, listener)


def stack_config(database, station):
    config = dnp.OutstationStackConfig(database)
    config.link.LocalAddr, config.link.RemoteAddr = station, MASTER
    config.outstation.eventBufferConfig = dnp.EventBufferConfig.AllTypes(settings["buffer"])
    params = config.outstation.params
    params.allowUnsolicited = settings["unsolicited"]
    params.maxTxFragSize = settings["fragment"]
    params.solConfirmTimeout = params.unsolConfirmTimeout = dnp.TimeDuration.Milliseconds(500)
    return config


def update(updates, event="Force", station=None):
    """Sets points, all at one stroke; each is `[kind, index, value, flags, time in ms, quality of the time]`."""
    builder = dnp.UpdateBuilder()
    for kind, index, *told in updates:
        builder.Update(measurement(kind, *told), index, dnp.EventMode.__members__[event])
    apply(builder, station)


def freeze(indexes, event="Force", station=None):
    builder = dnp.UpdateBuilder()
    for index in indexes:
        builder.FreezeCounter(index, False, dnp.EventMode.__members__[event])
    apply(builder, station)


def apply(builder, station):
    outstations[station or settings["stations"][0]].Apply(builder.Build())


def indicate(**bits):
    """Sets internal indications: needTime, localControl, deviceTrouble, configCorrupt."""
    for name, value in bits.items():
        setattr(indications, name, value)


def claim_restart(station=None):
    """Says that it has restarted, as an outstation does whose link outlives it."""
    outstations[station or settings["stations"][0]].SetRestartIIN()


manager = dnp.DNP3Manager(1)
# opendnp3 holds no references of Python's: what it calls back must live as long as this program.
listener, application, commands = Listener(), Application(), Commands()
channel = open_channel(manager, listener)
outstations, points = {}, []
for station in settings["stations"]:
    database, points = make_database(settings["count"])
    stack = stack_config(database, station)
    outstations[station] = channel.AddOutstation(str(station), commands, application, stack)
for outstation in outstations.values():
    outstation.Enable()
peer.serve(
    {"points": points},
    {"update": update, "freeze": freeze, "indicate": indicate, "restart": claim_restart, "record": lambda: record},
)
