/** Which service of PROFIBUS DP a telegram belongs to, and what it does to the station that obeys it. */

import {
  DP_ACYCLIC_POLL,
  DP_ACYCLIC_SERVICES,
  DP_DATA_EXCHANGE,
  DP_LAST_ACYCLIC_SAP,
  DP_MASTER_SAP,
  DP_MASTER_SERVICES,
  DP_SLAVE_SERVICES,
  type DpService,
} from './dpService.ts';
import { FDL_REQUESTS, FDL_SEND_AND_REQUEST } from './fdlFunction.ts';
import type { ProfibusTelegram } from './profibusTelegram.ts';

type ProfibusService = Pick<ProfibusTelegram, 'service' | 'effect'>;

/** An answer that refuses an acyclic service sets this bit of the function number. */
const REFUSED = 0x80;

/** `sap` is that of the station that is asked. */
export function profibusRequest(functionCode: number, sap: number | undefined, data: Uint8Array): ProfibusService {
  const fdl = FDL_REQUESTS.get(functionCode);
  if (!fdl) return { service: `FDL function ${functionCode}`, effect: 'unknown' };
  if (fdl.effect) return { service: fdl.name, effect: fdl.effect };
  if (sap === undefined && !FDL_SEND_AND_REQUEST.includes(functionCode))
    return { service: fdl.name, effect: 'unknown' };
  if (sap === undefined) return { service: DP_DATA_EXCHANGE.name, effect: DP_DATA_EXCHANGE.effect };
  const { name, effect } = servedAt(sap, data);
  const strange = effect === 'read' && !asksForData(functionCode, sap, data);
  return { service: name, effect: strange ? 'unknown' : effect };
}

/** A read wants data back, and brings none; only that of an acyclic service says which one it is. */
function asksForData(functionCode: number, sap: number, data: Uint8Array): boolean {
  if (!FDL_SEND_AND_REQUEST.includes(functionCode)) return false;
  const acyclic = sap <= DP_LAST_ACYCLIC_SAP || sap === DP_MASTER_SAP;
  return acyclic ? (data[0] & REFUSED) === 0 : data.length === 0;
}

/** An answer comes from the SAP that was asked; without data it only says how the request was received. */
export function profibusAnswer(
  toSap: number | undefined,
  fromSap: number | undefined,
  data: Uint8Array,
): ProfibusService {
  const effect = data.length > 0 ? 'read' : 'session';
  if (fromSap !== undefined) return { service: servedAt(fromSap, data).name, effect };
  const cyclic = toSap === undefined && data.length > 0;
  return { service: cyclic ? DP_DATA_EXCHANGE.name : 'Acknowledgement', effect };
}

function servedAt(sap: number, data: Uint8Array): DpService {
  const unknown: DpService = { name: `SAP ${sap}`, effect: 'unknown' };
  if (sap === DP_MASTER_SAP) return DP_MASTER_SERVICES.get(data[0] & ~REFUSED) ?? unknown;
  if (sap > DP_LAST_ACYCLIC_SAP) return DP_SLAVE_SERVICES.get(sap) ?? unknown;
  if (data.length === 0) return DP_ACYCLIC_POLL;
  return DP_ACYCLIC_SERVICES.get(data[0] & ~REFUSED) ?? unknown;
}
