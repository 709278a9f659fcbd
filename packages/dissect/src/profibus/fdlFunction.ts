/** The function codes of the PROFIBUS data link (FDL): IEC 61158-4-3, coding of the frame control octet. */

import type { Effect } from '../outboundRequest.ts';

export interface FdlRequest {
  readonly name: string;
  /** Absent where the service access point says what the request means. */
  readonly effect?: Effect;
}

/** Of a station that asks, by the lower four bits; bit 7 stands in the clock value only. */
export const FDL_REQUESTS: ReadonlyMap<number, FdlRequest> = new Map<number, FdlRequest>([
  // The two set the clocks of other stations.
  [0, { name: 'Time event', effect: 'write' }],
  [0x80, { name: 'Clock value', effect: 'write' }],
  [3, { name: 'SDA low' }],
  [4, { name: 'SDN low' }],
  [5, { name: 'SDA high' }],
  [6, { name: 'SDN high' }],
  [7, { name: 'MSRD' }],
  [9, { name: 'FDL status', effect: 'session' }],
  [12, { name: 'SRD low' }],
  [13, { name: 'SRD high' }],
  [14, { name: 'Ident', effect: 'read' }],
  [15, { name: 'LSAP status', effect: 'read' }],
]);

/** The services that want data back, or carry outputs to the default service access point. */
export const FDL_SEND_AND_REQUEST: readonly number[] = [7, 12, 13];

/** Of a station that answers, by the lower four bits. */
export const FDL_RESPONSES: ReadonlyMap<number, string> = new Map([
  [0, 'OK'],
  [1, 'UE'],
  [2, 'RR'],
  [3, 'RS'],
  [8, 'DL'],
  [9, 'NR'],
  [10, 'DH'],
  [12, 'RDL'],
  [13, 'RDH'],
]);

/** What an answering station is, by bits 5 and 4. */
export const FDL_STATIONS = ['slave', 'master not ready', 'master ready', 'master in ring'] as const;
