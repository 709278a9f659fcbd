/** The function codes of the DNP3 application layer: IEEE 1815-2012, 4.2.2. */

import type { Effect } from '../outboundRequest.ts';

export interface Dnp3Function {
  /** The words of the standard in lower case: the name of the service for the guard. */
  readonly name: string;
  readonly sender: 'master' | 'outstation';
  /** `session` only where no form of the service touches the process; what else depends on the objects, dnp3Service.ts says. */
  readonly effect: Effect;
  /** Whether objects follow their headers, or the headers alone say what is meant. */
  readonly objects: 'headers' | 'data';
}

const asked = (name: string, effect: Effect, objects: Dnp3Function['objects']) =>
  ({ name, sender: 'master', effect, objects }) as const;
const answered = (name: string) => ({ name, sender: 'outstation', effect: 'session', objects: 'data' }) as const;

/**
 * File services are writes, all of them: to open a file for reading takes a handle from the device as well, and no mode of
 * ours needs one.
 */
export const DNP3_FUNCTIONS: ReadonlyMap<number, Dnp3Function> = new Map<number, Dnp3Function>([
  [0, asked('confirm', 'session', 'headers')],
  [1, asked('read', 'read', 'headers')],
  [2, asked('write', 'write', 'data')],
  [3, asked('select', 'write', 'data')],
  [4, asked('operate', 'write', 'data')],
  [5, asked('direct operate', 'write', 'data')],
  [6, asked('direct operate without response', 'write', 'data')],
  [7, asked('immediate freeze', 'session', 'headers')],
  [8, asked('immediate freeze without response', 'write', 'headers')],
  [9, asked('freeze and clear', 'write', 'headers')],
  [10, asked('freeze and clear without response', 'write', 'headers')],
  // The time and interval (g50v2) stand as an object before the headers of the points, which have variation 0 and no data.
  [11, asked('freeze at time', 'write', 'data')],
  [12, asked('freeze at time without response', 'write', 'data')],
  [13, asked('cold restart', 'write', 'headers')],
  [14, asked('warm restart', 'write', 'headers')],
  [15, asked('initialize data', 'write', 'headers')],
  [16, asked('initialize application', 'write', 'data')],
  [17, asked('start application', 'write', 'data')],
  [18, asked('stop application', 'write', 'data')],
  [19, asked('save configuration', 'write', 'data')],
  [20, asked('enable unsolicited', 'session', 'headers')],
  [21, asked('disable unsolicited', 'session', 'headers')],
  [22, asked('assign class', 'write', 'headers')],
  [23, asked('delay measurement', 'session', 'headers')],
  [24, asked('record current time', 'session', 'headers')],
  [25, asked('open file', 'write', 'data')],
  [26, asked('close file', 'write', 'data')],
  [27, asked('delete file', 'write', 'data')],
  [28, asked('get file information', 'write', 'data')],
  [29, asked('authenticate file', 'write', 'data')],
  [30, asked('abort file transfer', 'write', 'data')],
  [31, asked('activate configuration', 'write', 'data')],
  [32, asked('authentication request', 'write', 'data')],
  [33, asked('authentication request without response', 'write', 'data')],
  [129, answered('response')],
  [130, answered('unsolicited response')],
  [131, answered('authentication response')],
]);
