/** What a self-test has found of one control, as every program tells it. */

/**
 * `unchecked`: it should have been looked at and could not be. `elsewhere`: it belongs to a side that was not named.
 * `noted`: how something is set, which is neither right nor wrong.
 */
export type Verdict = 'proved' | 'failed' | 'unchecked' | 'elsewhere' | 'noted';

export interface Check {
  /** Names the control in programs: `write-refused`. */
  readonly id: string;
  /** One clause: what must hold. */
  readonly control: string;
  /** Of IEC 62443-3-3, such as `SR 5.2 RE 1`. */
  readonly clauses: readonly string[];
  readonly did: string;
  readonly seen: string;
  readonly verdict: Verdict;
}

/** A control before anybody has looked. */
export type Control = Pick<Check, 'id' | 'control' | 'clauses'>;

/** What one side tells the command that asked it. */
export interface SideReport<Facts> {
  readonly facts: Facts;
  readonly checks: readonly Check[];
}

/** What a gateway's configuration says, as far as the checks that need no zone want to know. */
export interface GatewayFacts {
  readonly gateway: string;
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  /** There is no way back from where the address is, and nobody to knock at. */
  readonly diode: boolean;
  /** Directory of key and certificate. */
  readonly certificates: string;
  /** SHA-256 of the policy in hexadecimal; `null` where there is none. */
  readonly policy: string | null;
}

/** The same of a server. */
export interface ServerFacts {
  readonly host: string;
  readonly port: number;
  readonly certificates: string;
  readonly policy: string | null;
  /** Address of the REST interface. */
  readonly console: string;
}

export function proved(control: Control, did: string, seen: string): Check {
  return { ...control, did, seen, verdict: 'proved' };
}

export function failed(control: Control, did: string, seen: string): Check {
  return { ...control, did, seen, verdict: 'failed' };
}

/** It could not be looked at, and why. */
export function unchecked(control: Control, why: string): Check {
  return { ...control, did: 'nothing', seen: why, verdict: 'unchecked' };
}
