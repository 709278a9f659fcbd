/**
 * Follows the conversations between masters and slaves of DP-V0 and keeps of each slave what they tell.
 *
 * Outputs count once the slave has answered: those of a request that nobody took have set nothing. An answer without data to
 * Data_Exchange is that of a slave without inputs.
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Request, Role } from '../fdl/dialogue.ts';
import {
  ANSWER_FUNCTION,
  carriesData,
  functionOf,
  isHighPriority,
  isMasterAnswer,
  isSendRequest,
} from '../fdl/frameControl.ts';
import { BROADCAST, DELIMITER, STATIONS, type Telegram } from '../fdl/telegram.ts';
import { MIN_DIAGNOSIS_BYTES } from './diagnosis.ts';
import { Image } from './image.ts';
import { type DpService, serviceOf } from './service.ts';
import { Slave } from './slave.ts';

export interface DpListener {
  /** The slave's diagnosis is another one than before. */
  diagnosisChanged(slave: Slave): void;
  /** `first` where none was known before. */
  configurationChanged(slave: Slave, first: boolean): void;
  /** The ident number of the device at this address is another one than before. */
  identityChanged(slave: Slave, before: number): void;
  /** Another master than before exchanges data with the slave. */
  masterChanged(slave: Slave, before: number): void;
  /** A master has told the slave to answer at another address from now on. */
  addressChanged(slave: Slave, master: number, address: number): void;
}

/** Bits of the command byte of Global_Control. */
const CLEAR_DATA = 0x02;

export class DpMonitor {
  readonly #listener: DpListener;
  readonly #slaves: (Slave | undefined)[] = Array.from({ length: STATIONS });
  /** The outputs of the request under way. */
  readonly #sent = new Image();

  constructor(listener: DpListener) {
    this.#listener = listener;
  }

  /** The slave at a station; undefined while nothing has been heard of one. */
  slaveAt(station: number): Slave | undefined {
    return this.#slaves[station];
  }

  /** The station answers no more. */
  lost(station: number): void {
    const slave = this.#slaves[station];
    if (slave) slave.state = 'no answer';
  }

  take(role: Role, telegram: Telegram, request: Request, at: Timestamp, elapsedMs: number): void {
    switch (role) {
      case 'request':
      case 'repetition':
        this.#takeRequest(telegram);
        break;
      case 'answer':
        this.#takeAnswer(telegram, request, at, elapsedMs);
        break;
      case 'message':
        if (serviceOf(telegram.destinationSap, telegram.sourceSap) === 'Global_Control') this.#takeControl(telegram);
        break;
      default:
    }
  }

  #takeRequest(telegram: Telegram): void {
    if (!isSendRequest(telegram.control)) return;
    if (serviceOf(telegram.destinationSap, telegram.sourceSap) === undefined) return;
    this.#sent.set(telegram.bytes, telegram.dataStart, telegram.dataEnd);
  }

  #takeAnswer(telegram: Telegram, request: Request, at: Timestamp, elapsedMs: number): void {
    if (!isSendRequest(request.control) || request.station >= STATIONS) return;
    const service = serviceOf(request.destinationSap, request.sourceSap);
    if (service === undefined || this.#isOfMaster(telegram)) return;
    const slave = this.#slaves[request.station] ?? this.#meet(request.station);
    if (service === 'Data_Exchange') this.#exchange(slave, telegram, request, at, elapsedMs);
    else if (carriesData(telegram.control)) this.#takeData(service, slave, telegram, at, elapsedMs);
    else if (isPositive(telegram)) this.#takeConfirmation(service, slave, request);
  }

  #isOfMaster({ delimiter, control }: Telegram): boolean {
    return delimiter !== DELIMITER.acknowledgement && isMasterAnswer(control);
  }

  #meet(station: number): Slave {
    const slave = new Slave(station);
    this.#slaves[station] = slave;
    return slave;
  }

  #exchange(slave: Slave, telegram: Telegram, { master }: Request, at: Timestamp, elapsedMs: number): void {
    const withData = carriesData(telegram.control);
    if (!withData && !isPositive(telegram)) {
      // No service is activated: the slave has left the exchange (IEC 61158-5-3, MS0 states).
      const left = functionOf(telegram.control) === ANSWER_FUNCTION.noService;
      if (left && slave.state === 'data exchange') slave.state = 'waiting for parameters';
      return;
    }
    if (withData) {
      slave.inputs.set(telegram.bytes, telegram.dataStart, telegram.dataEnd);
      slave.diagnosisPending = isHighPriority(telegram.control);
    } else {
      slave.inputs.length = 0;
    }
    slave.inputs.stamp(at, elapsedMs);
    slave.outputs.set(this.#sent.bytes, 0, this.#sent.length);
    slave.outputs.stamp(at, elapsedMs);
    slave.state = 'data exchange';
    this.#belongTo(slave, master);
  }

  /** An answer that carries what was asked for. */
  #takeData(service: DpService, slave: Slave, telegram: Telegram, at: Timestamp, elapsedMs: number): void {
    const { bytes, dataStart, dataEnd } = telegram;
    switch (service) {
      case 'Slave_Diag':
        this.#diagnose(slave, telegram);
        slave.diagnosisImage.stamp(at, elapsedMs);
        break;
      case 'Get_Cfg':
        this.#configure(slave, bytes.subarray(dataStart, dataEnd));
        break;
      case 'RD_Inp':
        slave.inputs.set(bytes, dataStart, dataEnd);
        slave.inputs.stamp(at, elapsedMs);
        break;
      case 'RD_Outp':
        slave.outputs.set(bytes, dataStart, dataEnd);
        slave.outputs.stamp(at, elapsedMs);
        break;
      default:
    }
  }

  /** The slave has taken what the master sent. */
  #takeConfirmation(service: DpService, slave: Slave, { master }: Request): void {
    const sent = this.#sent.bytes.subarray(0, this.#sent.length);
    switch (service) {
      case 'Set_Prm':
        slave.setParameters(sent);
        this.#belongTo(slave, master);
        break;
      case 'Chk_Cfg':
        this.#configure(slave, sent);
        break;
      case 'Set_Slave_Add':
        if (sent.length > 0) this.#listener.addressChanged(slave, master, sent[0]);
        break;
      default:
    }
  }

  #diagnose(slave: Slave, { bytes, dataStart, dataEnd }: Telegram): void {
    if (dataEnd - dataStart < MIN_DIAGNOSIS_BYTES) return;
    slave.diagnosisPending = false;
    const { ident } = slave;
    const changed = slave.setDiagnosis(bytes, dataStart, dataEnd);
    slave.state = slave.stateByDiagnosis;
    if (!changed || !slave.diagnosis) return;
    if (ident !== undefined && slave.diagnosis.ident !== ident) this.#listener.identityChanged(slave, ident);
    if (slave.diagnosis.master !== undefined) this.#belongTo(slave, slave.diagnosis.master);
    this.#listener.diagnosisChanged(slave);
  }

  #configure(slave: Slave, bytes: Uint8Array): void {
    const first = slave.configuration === undefined;
    if (slave.setConfiguration(bytes)) this.#listener.configurationChanged(slave, first);
  }

  /** The command byte, then the groups it is for: a bit each, none for all (IEC 61158-6-3, Global_Control). */
  #takeControl({ bytes, dataStart, dataEnd, destination }: Telegram): void {
    if (dataEnd - dataStart < 2) return;
    const cleared = (bytes[dataStart] & CLEAR_DATA) !== 0;
    const groups = bytes[dataStart + 1];
    const first = destination === BROADCAST ? 0 : destination;
    const last = destination === BROADCAST ? STATIONS - 1 : destination;
    for (let station = first; station <= last; station++) {
      const slave = this.#slaves[station];
      if (!slave) continue;
      if (groups === 0 || ((slave.parameters?.groups ?? 0) & groups) !== 0) slave.cleared = cleared;
    }
  }

  #belongTo(slave: Slave, master: number): void {
    const before = slave.master;
    if (master === before) return;
    slave.master = master;
    if (before !== undefined) this.#listener.masterChanged(slave, before);
  }
}

function isPositive({ delimiter, control }: Telegram): boolean {
  return delimiter === DELIMITER.acknowledgement || functionOf(control) === ANSWER_FUNCTION.positive;
}
