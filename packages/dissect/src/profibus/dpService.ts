/**
 * The services of PROFIBUS DP by service access point (SAP) and, for the acyclic ones, by function number.
 *
 * Source: IEC 61158-6-3 (DP-V0 in EN 50170 volume 2, part 8; DP-V1 in PNO 2.082).
 */

import type { Effect } from '../outboundRequest.ts';

export interface DpService {
  readonly name: string;
  /** Of the request of a master; the answer of a slave does nothing to anybody. */
  readonly effect: Effect;
}

const service = (name: string, effect: Effect): DpService => ({ name, effect });

/**
 * Without a SAP. The outputs are in it, and an empty one is not harmless either: it tells a slave that knows fail-safe to
 * put its outputs into that state.
 */
export const DP_DATA_EXCHANGE: DpService = service('Data_Exchange', 'write');

/** By the SAP of the slave. */
export const DP_SLAVE_SERVICES: ReadonlyMap<number, DpService> = new Map<number, DpService>([
  [53, service('Set_Ext_Prm', 'write')],
  [55, service('Set_Slave_Add', 'write')],
  [56, service('RD_Inp', 'read')],
  [57, service('RD_Outp', 'read')],
  [58, service('Global_Control', 'write')],
  [59, service('Get_Cfg', 'read')],
  [60, service('Slave_Diag', 'read')],
  [61, service('Set_Prm', 'write')],
  [62, service('Chk_Cfg', 'write')],
]);

/** Up to here the SAPs of a slave are acyclic: connections of class 2 masters, their manager (49), alarms (50), class 1 (51). */
export const DP_LAST_ACYCLIC_SAP = 51;

/** By the function number that opens the data of an acyclic service; an answer that refuses sets the highest bit. */
export const DP_ACYCLIC_SERVICES: ReadonlyMap<number, DpService> = new Map<number, DpService>([
  [0x48, service('Idle', 'session')],
  [0x51, service('Data_Transport', 'write')],
  [0x56, service('Resource_Manager', 'session')],
  [0x57, service('Initiate', 'session')],
  [0x58, service('Abort', 'session')],
  [0x5c, service('Alarm_Ack', 'write')],
  [0x5e, service('DS_Read', 'read')],
  [0x5f, service('DS_Write', 'write')],
]);

/** A request without data fetches the answer to the one before. */
export const DP_ACYCLIC_POLL: DpService = service('Poll', 'session');

/** SAP of a class 1 master, by which another master reads and loads it. */
export const DP_MASTER_SAP = 54;

/** By the function number that opens the data of a service between masters. */
export const DP_MASTER_SERVICES: ReadonlyMap<number, DpService> = new Map<number, DpService>([
  [0x41, service('Get_Master_Diag', 'read')],
  [0x42, service('Start_Seq', 'write')],
  [0x43, service('Download', 'write')],
  [0x44, service('Upload', 'read')],
  [0x45, service('End_Seq', 'write')],
  [0x46, service('Act_Para_Brct', 'write')],
  [0x47, service('Act_Param', 'write')],
]);
