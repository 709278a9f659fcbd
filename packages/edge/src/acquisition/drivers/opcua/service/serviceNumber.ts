/**
 * The services that the driver can ask for, by the numbers of their requests; that of an answer is 3 more.
 *
 * There is no other: no write, no call, nothing that changes nodes or history. OPC 10000-6, Annex A (NodeIds.csv).
 */

export const SERVICE = {
  openSecureChannel: 446,
  closeSecureChannel: 452,
  createSession: 461,
  activateSession: 467,
  closeSession: 473,
  read: 631,
  createMonitoredItems: 751,
  createSubscription: 787,
  publish: 826,
  republish: 832,
  deleteSubscriptions: 847,
} as const;

export type ServiceNumber = (typeof SERVICE)[keyof typeof SERVICE];

export const SERVICE_FAULT = 397;
export const ANSWER_OFFSET = 3;
