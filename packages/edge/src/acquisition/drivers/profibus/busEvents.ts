/** What happens on a bus and should be known to a person, told in events. */

import type { DpListener } from './dp/dpMonitor.ts';
import { formatIdent } from './dp/formatIdent.ts';
import type { Slave } from './dp/slave.ts';
import type { EventPace } from './eventPace.ts';
import type { BusListener } from './fdl/bus.ts';
import { diagnosisTexts } from './gsd/diagnosisTexts.ts';
import type { Station } from './station.ts';

export class BusEvents implements DpListener, Omit<BusListener, 'telegram'> {
  readonly #line: string;
  readonly #pace: EventPace;
  readonly #stationAt: (address: number) => Station | undefined;
  /** The texts of the last diagnosis of each station that has one. */
  readonly #diagnoses = new Map<number, string>();
  /** Whether the ring has been heard long enough for a master in it to be a new one. */
  readonly #knowsRing: () => boolean;

  /** `line` names the bus where no single device is meant. */
  constructor(
    line: string,
    pace: EventPace,
    stationAt: (address: number) => Station | undefined,
    knowsRing: () => boolean,
  ) {
    this.#line = line;
    this.#pace = pace;
    this.#stationAt = stationAt;
    this.#knowsRing = knowsRing;
  }

  stationLost(station: number): void {
    this.#tell('presence', 'bus.station-lost', station, `station ${station} does not answer its master any more`);
  }

  stationReturned(station: number): void {
    this.#tell('presence', 'bus.station-returned', station, `station ${station} answers again`);
  }

  masterJoined(station: number): void {
    if (this.#knowsRing()) this.#tell('ring', 'bus.masters-changed', station, `master ${station} has joined the ring`);
  }

  masterLeft(station: number): void {
    this.#tell('ring', 'bus.masters-changed', station, `master ${station} has left the ring`);
  }

  tokenLost(): void {
    this.#pace.report('token', 'bus.token-lost', this.#line, 'no master has passed the token any more');
  }

  diagnosisChanged(slave: Slave): void {
    const { station, diagnosis } = slave;
    const configured = this.#stationAt(station);
    // What a station complains of that nobody reads is its master's business.
    if (!diagnosis || !configured) return;
    const texts = diagnosisTexts(diagnosis, configured.gsd).join('; ');
    if (texts === (this.#diagnoses.get(station) ?? '')) return;
    this.#diagnoses.set(station, texts);
    this.#tell('diagnosis', 'device.diagnosis', station, texts || 'the diagnosis is clear again');
  }

  configurationChanged({ station, configuration }: Slave, first: boolean): void {
    if (first || !configuration) return;
    const { bytes, inputBytes, outputBytes } = configuration;
    const detail = `it has a new configuration, ${Buffer.from(bytes).toString('hex')}: ${inputBytes} bytes of inputs, ${outputBytes} of outputs`;
    this.#tell('configuration', 'device.configuration-changed', station, detail);
  }

  identityChanged({ station, ident = 0 }: Slave, before: number): void {
    const detail = `station ${station} answers with the ident number ${formatIdent(ident)}, and had ${formatIdent(before)} before`;
    this.#tell('identity', 'device.identity-changed', station, detail);
  }

  masterChanged({ station, master }: Slave, before: number): void {
    this.#tell(
      'master',
      'device.master-changed',
      station,
      `master ${master} controls it, and master ${before} did before`,
    );
  }

  addressChanged({ station }: Slave, master: number, address: number): void {
    this.#tell(
      'address',
      'bus.station-moved',
      station,
      `master ${master} has given station ${station} the address ${address}`,
    );
  }

  #tell(matter: string, kind: Parameters<EventPace['report']>[1], station: number, detail: string): void {
    const source = this.#stationAt(station)?.name ?? `station ${station} on ${this.#line}`;
    this.#pace.report(`${matter} ${station}`, kind, source, detail);
  }
}
