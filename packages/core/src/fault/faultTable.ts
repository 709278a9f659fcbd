/** The one table of faults: everything that can be wrong from outside, what it means, and what to do about it. */

import { ALARM_FAULTS } from './alarmFaults.ts';
import { BOUNDARY_FAULTS } from './boundaryFaults.ts';
import { CERTIFICATE_FAULTS } from './certificateFaults.ts';
import type { FaultEntry } from './faultEntry.ts';
import { FIELD_FAULTS } from './fieldFaults.ts';
import { HEALTH_FAULTS } from './healthFaults.ts';
import { HISTORIAN_FAULTS } from './historianFaults.ts';
import { LEDGER_FAULTS } from './ledgerFaults.ts';
import { MODEL_FAULTS } from './modelFaults.ts';
import { QUERY_FAULTS } from './queryFaults.ts';
import { SERVICE_FAULTS } from './serviceFaults.ts';

export const FAULTS = {
  ...FIELD_FAULTS,
  ...BOUNDARY_FAULTS,
  ...CERTIFICATE_FAULTS,
  ...LEDGER_FAULTS,
  ...HISTORIAN_FAULTS,
  ...QUERY_FAULTS,
  ...MODEL_FAULTS,
  ...HEALTH_FAULTS,
  ...SERVICE_FAULTS,
  ...ALARM_FAULTS,
} as const satisfies Record<string, FaultEntry>;

export type FaultCode = keyof typeof FAULTS;
