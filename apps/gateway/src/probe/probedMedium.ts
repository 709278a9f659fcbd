/** The medium that the arguments of a probe name, and how it is called towards people. */

import path from 'node:path';
import type { DriverManifest } from '@tidegate/edge/acquisition/driver.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { mediumOf } from '@tidegate/edge/configuration/mediumSchema.ts';

/** A host name, an IPv4 address or an IPv6 address in brackets, and a port. */
const PLACE = /^(?:\[(?<bracketed>[^\]]+)\]|(?<host>[^:[\]]+))(?::(?<port>\d+))?$/;
const LAST_PORT = 65_535;
const FORMAT = /^[78][NEO][12]$/;

export interface MediumArguments {
  /** HOST[:PORT]. */
  readonly place?: string | undefined;
  readonly serial?: string | undefined;
  readonly format?: string | undefined;
  readonly baud?: string | undefined;
  readonly recording?: string | undefined;
}

/** `undefined` where none is named, or with a complaint. `baudRate` is asked for only where it counts. */
export function probedMedium(
  { place, serial, format, baud, recording }: MediumArguments,
  manifest: DriverManifest,
  complain: (complaint: string) => void,
  baudRate: () => number,
): Medium | undefined {
  const absolute = (file: string) => path.resolve(file);
  if (serial !== undefined) {
    if (format !== undefined && !FORMAT.test(format))
      complain(`--format ${format} is none: 8E1, 8N1, 8N2, 7E1 and so on`);
    return mediumOf({ serial, baudRate: baudRate(), format }, manifest, absolute);
  }
  if (recording !== undefined) return mediumOf({ recording, baudRate: baudRate() }, manifest, absolute);
  if (baud !== undefined || format !== undefined) complain('--baud and --format go with --serial');
  if (place === undefined) return undefined;
  const { bracketed, host, port } = PLACE.exec(place)?.groups ?? {};
  const name = bracketed ?? host;
  if (name === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > LAST_PORT) {
    complain(`${place} is no HOST[:PORT]; an IPv6 address stands in brackets, such as [2001:db8::1]:502`);
    return undefined;
  }
  return mediumOf({ host: name, port: port === undefined ? undefined : Number(port) }, manifest, absolute);
}

export function placeOf(medium: Medium): string {
  switch (medium.kind) {
    case 'serial': {
      const { path: port, baudRate, dataBits, parity, stopBits } = medium;
      return `${port} (${baudRate} bit/s, ${dataBits}${parity[0].toUpperCase()}${stopBits})`;
    }
    case 'tcp':
      return `${medium.host}:${medium.port}`;
    case 'recording':
      return medium.path;
    case 'listen':
      return medium.kind;
  }
}
