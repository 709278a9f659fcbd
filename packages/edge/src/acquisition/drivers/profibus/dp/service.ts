/** The services of DP-V0, told by the service access points of a request (IEC 61158-6-3, table of SAPs). */

import { NONE } from '../fdl/telegram.ts';

export type DpService =
  | 'Data_Exchange'
  | 'Set_Slave_Add'
  | 'RD_Inp'
  | 'RD_Outp'
  | 'Global_Control'
  | 'Get_Cfg'
  | 'Slave_Diag'
  | 'Set_Prm'
  | 'Chk_Cfg';

/** The SAP of a master's cyclic function, from which it asks for all of them but Data_Exchange. */
const MASTER_SAP = 62;
const FIRST_SAP = 55;
const SERVICES: readonly DpService[] = [
  'Set_Slave_Add',
  'RD_Inp',
  'RD_Outp',
  'Global_Control',
  'Get_Cfg',
  'Slave_Diag',
  'Set_Prm',
  'Chk_Cfg',
];

/** `undefined` for what is no service of DP-V0, such as acyclic DP-V1. Data_Exchange has no SAP on either side. */
export function serviceOf(destinationSap: number, sourceSap: number): DpService | undefined {
  if (destinationSap === NONE) return sourceSap === NONE ? 'Data_Exchange' : undefined;
  return sourceSap === MASTER_SAP ? SERVICES[destinationSap - FIRST_SAP] : undefined;
}
