/** The function codes of the DNP3 data link layer: IEEE 1815-2012, 9.2.4. */

export interface Dnp3LinkFunction {
  readonly name: string;
  /** What the guard calls it; absent where the service is that of the fragment inside, or none that a master may ask for. */
  readonly service?: string;
  readonly carriesData: boolean;
  /** Whether a primary station must set FCV; secondary frames have no such bit. */
  readonly frameCountValid?: boolean;
}

export const DNP3_PRIMARY_FUNCTIONS: ReadonlyMap<number, Dnp3LinkFunction> = new Map<number, Dnp3LinkFunction>([
  [0, { name: 'RESET_LINK_STATES', service: 'link reset', carriesData: false, frameCountValid: false }],
  [2, { name: 'TEST_LINK_STATES', service: 'link test', carriesData: false, frameCountValid: true }],
  [3, { name: 'CONFIRMED_USER_DATA', carriesData: true, frameCountValid: true }],
  [4, { name: 'UNCONFIRMED_USER_DATA', carriesData: true, frameCountValid: false }],
  [9, { name: 'REQUEST_LINK_STATUS', service: 'link status', carriesData: false, frameCountValid: false }],
]);

export const DNP3_SECONDARY_FUNCTIONS: ReadonlyMap<number, Dnp3LinkFunction> = new Map<number, Dnp3LinkFunction>([
  [0, { name: 'ACK', service: 'link acknowledge', carriesData: false }],
  [1, { name: 'NACK', service: 'link acknowledge', carriesData: false }],
  [11, { name: 'LINK_STATUS', service: 'link status', carriesData: false }],
  [15, { name: 'NOT_SUPPORTED', carriesData: false }],
]);
