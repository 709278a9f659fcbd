"""What is heard on a PROFIBUS line: pyprofibus' DP master brings up two slaves and exchanges data with them.

The slaves are here, made of pyprofibus' telegrams; nothing is sent anywhere. Ready with `telegrams`, in the order in which
they would be on the line, each with its bytes and what it is, and `exchanges`, the I/O images that each Data_Exchange
carried.
"""

from pyprofibus.dp import (
    DpCfgDataElement,
    DpTelegram,
    DpTelegram_ChkCfg_Req,
    DpTelegram_DataExchange_Con,
    DpTelegram_DataExchange_Req,
    DpTelegram_SetPrm_Req,
    DpTelegram_SlaveDiag_Con,
    DpTelegram_SlaveDiag_Req,
)
from pyprofibus.dp_master import DPM1, DpSlaveDesc
from pyprofibus.fdl import (
    FdlTelegram,
    FdlTelegram_ack,
    FdlTelegram_FdlStat_Con,
    FdlTelegram_FdlStat_Req,
    FdlTelegram_token,
)
from pyprofibus.phy import CpPhy

import peer

MASTER, ABSENT = 2, 3
ROUNDS = 20
# Of each station: its ident number, its identifier bytes, and how many bytes it takes and gives. The first has inputs and
# outputs of bytes (13, 21) and words (51, 60); the second has an output only, so that it answers data with an SC.
SLAVES = {
    8: {"ident": 0x80D1, "configuration": "13215160", "outputs": 4, "inputs": 8},
    117: {"ident": 0x0BAD, "configuration": "20", "outputs": 1, "inputs": 0},
}
# A device-related block (4 bytes), and of channel 3 of module 2 "lower limit exceeded".
EXT_DIAG = bytes([0x04, 0xA1, 0x02, 0x03, 0x82, 0x43, 0xA8])


class DiagnosisWithMore(DpTelegram_SlaveDiag_Con):
    """pyprofibus' own confirmation has the six standard bytes only."""

    more = b""

    def getDU(self):
        return super().getDU() + self.more


class Line(CpPhy):
    """Keeps every telegram of master and slaves, and lets the slaves answer."""

    def __init__(self):
        super().__init__()
        self.heard, self.answers, self.exchanges = [], [], []
        self.wants_diagnosis, self.locked = set(), {}

    def put(self, data, kind, source, target):
        self.heard.append({"hex": bytes(data).hex(), "kind": kind, "from": source, "to": target})

    def sendData(self, telegramData, srd):
        fdl = FdlTelegram.fromRawData(telegramData)
        kind, answer = self.answer(fdl)
        self.put(telegramData, kind, fdl.sa, fdl.da & 0x7F)
        if answer is not None:
            self.put(answer.getRawData(), kind + " answer", fdl.da & 0x7F, fdl.sa)
            self.answers.append(answer.getRawData())

    def pollData(self, timeout=0.0):
        return self.answers.pop(0) if self.answers else None

    def answer(self, fdl):
        if fdl.fc & FdlTelegram.FC_REQFUNC_MASK == FdlTelegram.FC_FDL_STAT:
            present = fdl.da in SLAVES
            return "FDL status", FdlTelegram_FdlStat_Con(da=fdl.sa, sa=fdl.da) if present else None
        if fdl.da & FdlTelegram.ADDRESS_MASK == FdlTelegram.ADDRESS_MCAST:
            # pyprofibus sends Global_Control, but does not take it apart.
            return "Global_Control", None
        request = DpTelegram.fromFdlTelegram(fdl, thisIsMaster=False)
        station = fdl.da & 0x7F
        if DpTelegram_SlaveDiag_Req.checkType(request):
            return "Slave_Diag", self.diagnosis(station, fdl.sa).toFdlTelegram()
        if DpTelegram_SetPrm_Req.checkType(request):
            self.locked[station] = fdl.sa
            return "Set_Prm", FdlTelegram_ack()
        if DpTelegram_ChkCfg_Req.checkType(request):
            return "Chk_Cfg", FdlTelegram_ack()
        if DpTelegram_DataExchange_Req.checkType(request):
            return "Data_Exchange", self.exchange(station, request, fdl)
        raise RuntimeError(f"no slave expects {request}")

    def diagnosis(self, station, master):
        told = DiagnosisWithMore(da=master, sa=station)
        told.b1 |= told.B1_ONE
        told.identNumber, told.masterAddr = SLAVES[station]["ident"], self.locked.get(station, 255)
        if station not in self.locked:
            told.b0, told.b1 = told.B0_STANORDY, told.b1 | told.B1_PRMREQ
        if station in self.wants_diagnosis:
            self.wants_diagnosis.discard(station)
            told.b0, told.more = told.B0_EXTDIAG, EXT_DIAG
        return told

    def exchange(self, station, request, fdl):
        count = sum(exchange["station"] == station for exchange in self.exchanges)
        inputs = bytes((station * 7 + count * 13 + index * 29) % 256 for index in range(SLAVES[station]["inputs"]))
        outputs = bytes(request.getDU())
        self.exchanges.append({"station": station, "outputs": outputs.hex(), "inputs": inputs.hex()})
        # The number of its answer among the telegrams: from there on both images hold.
        self.exchanges[-1]["telegram"] = len(self.heard) + 1
        if not inputs:
            return FdlTelegram_ack()
        function = FdlTelegram.FC_DH if station in self.wants_diagnosis else FdlTelegram.FC_DL
        return DpTelegram_DataExchange_Con(da=fdl.sa, sa=fdl.da, fc=function, du=bytearray(inputs)).toFdlTelegram()


def slave_of(station):
    made = DpSlaveDesc()
    of = SLAVES[station]
    made.slaveAddr = made.setPrmTelegram.da = made.chkCfgTelegram.da = station
    made.identNumber = made.setPrmTelegram.identNumber = of["ident"]
    # pyprofibus sees sizes from the slave: what goes in and out of it.
    made.inputSize, made.outputSize = of["outputs"], of["inputs"]
    made.setCfgDataElements([DpCfgDataElement(byte) for byte in bytes.fromhex(of["configuration"])])
    made.setUserPrmData(bytearray([0x00, 0x01, 0x02]))
    made.setWatchdog(300)
    return made


def run(line):
    # A master for each slave, both station 2: pyprofibus takes a short acknowledgement as one of every slave it has.
    masters = {station: DPM1(line, MASTER) for station in SLAVES}
    slaves = {station: slave_of(station) for station in SLAVES}
    for station, master in masters.items():
        master.addSlave(slaves[station])
        master.initialize()
    for round in range(ROUNDS):
        pass_token(line)
        if round == ROUNDS // 2:
            line.wants_diagnosis.add(8)
        for station, master in masters.items():
            step(line, master, slaves[station], round)
        if round == ROUNDS - 2:
            masters[8].freezeMode(1)


def pass_token(line):
    """The master is alone: it passes the token to itself, and asks for a neighbour that is not there."""
    line.put(FdlTelegram_token(da=MASTER, sa=MASTER).getRawData(), "token", MASTER, MASTER)
    request = FdlTelegram_FdlStat_Req(da=ABSENT, sa=MASTER)
    line.put(request.getRawData(), "FDL status", MASTER, ABSENT)


def step(line, master, slave, round):
    """Runs the master until it has exchanged data once, or, in the first round, has brought the slave up."""
    before = len(line.exchanges)
    outputs = bytearray((round * 3 + index * 11) % 256 for index in range(slave.inputSize))
    while len(line.exchanges) == before:
        slave.setMasterOutData(outputs)
        master.run()
    while line.answers:
        master.run()


line = Line()
line.setConfig(baudrate=CpPhy.BAUD_12000000)
run(line)
peer.serve({"telegrams": line.heard, "exchanges": line.exchanges}, {})
