/** Puts devices on their lines: those that name one, and those that are alone on a medium of their own. */

import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { AnyDriver } from '../acquisition/driver.ts';
import type { ConfiguredDevice, ConfiguredLine } from './gatewayConfig.ts';
import type { GatewayDocument } from './gatewaySchema.ts';
import { limitsOf } from './limitsSchema.ts';
import type { Drivers } from './loadDrivers.ts';
import { type MediumKey, type MediumKeys, mediumDefect, mediumOf, mediumShape } from './mediumSchema.ts';

type DeviceEntry = GatewayDocument['devices'][number];
type LineEntry = GatewayDocument['lines'][number];

/** A device and where it stands in the document. */
interface Placed {
  readonly index: number;
  readonly entry: DeviceEntry;
  readonly driver: AnyDriver;
  readonly options: unknown;
}

/** Everything that is wrong with lines, and with devices on them. */
export function checkLines(
  document: ConfigDocument,
  { lines, devices }: GatewayDocument,
  drivers: Drivers,
  options: readonly unknown[],
): Defect[] {
  const placed = devices.map(
    (entry, index): Placed => ({ index, entry, driver: drivers.get(entry.protocol)!, options: options[index] }),
  );
  const alone = placed.filter(({ entry }) => entry.line === undefined);
  const media: MediumPlace[] = [
    ...lines.map((entry, index): MediumPlace => ({ path: ['lines', index], entry })),
    ...alone.map(({ entry, index }): MediumPlace => ({ path: ['devices', index], entry })),
  ];
  return [
    ...findSharedMedia(document, media),
    ...alone.flatMap(({ index, entry, driver }) => checkMedium(document, ['devices', index], entry, driver)),
    ...placed.flatMap((device) => checkLineOf(document, device, lines)),
    ...lines.flatMap((line, index) =>
      checkLine(
        document,
        ['lines', index],
        line,
        placed.filter(({ entry }) => entry.line === line.name),
      ),
    ),
  ];
}

function checkMedium(document: ConfigDocument, path: DataPath, keys: MediumKeys, { manifest }: AnyDriver): Defect[] {
  const defect = mediumDefect(keys, manifest);
  if (!defect) return [];
  return [document.defect(defect.key === undefined ? path : [...path, defect.key], defect.message, defect.hint)];
}

interface MediumPlace {
  readonly path: DataPath;
  readonly entry: MediumKeys & { readonly name: string };
}

/** A serial port, or a port on which devices call in, can be opened by one line only. */
function findSharedMedia(document: ConfigDocument, media: readonly MediumPlace[]): Defect[] {
  const taken = new Map<string, string>();
  return media.flatMap(({ path, entry }) => {
    const { serial, listen, name } = entry;
    const key = serial === undefined ? 'listen' : 'serial';
    const medium = serial ?? (listen && `port ${listen.port}`);
    if (medium === undefined) return [];
    const other = taken.get(medium);
    taken.set(medium, other ?? name);
    const hint = 'put their devices on one line, and name it in each';
    return other === undefined ? [] : [document.defect([...path, key], `${medium} is that of "${other}", too`, hint)];
  });
}

/** A device that names a line takes its medium from there. */
function checkLineOf(document: ConfigDocument, { index, entry }: Placed, lines: readonly LineEntry[]): Defect[] {
  if (entry.line === undefined) return [];
  const names = lines.map(({ name }) => name);
  if (!names.includes(entry.line)) {
    const nearest = nearestWord(entry.line, names);
    const listed = names.length > 0 ? `one of: ${names.join(', ')}` : 'name it under "lines"';
    const hint = nearest === undefined ? listed : `did you mean "${nearest}"?`;
    return [document.defect(['devices', index, 'line'], `there is no line "${entry.line}"`, hint)];
  }
  const stray = (Object.keys(mediumShape) as MediumKey[]).find((key) => entry[key] !== undefined);
  if (!stray) return [];
  const message = `"${stray}" stands beside "line"`;
  return [document.defect(['devices', index, stray], message, `it is a matter of the line: write it there`)];
}

function checkLine(document: ConfigDocument, path: DataPath, line: LineEntry, devices: readonly Placed[]): Defect[] {
  const [first, ...others] = devices;
  if (!first) {
    return [document.defect(path, `no device is on the line "${line.name}"`, `line: ${line.name}, in a device`)];
  }
  const defects = checkMedium(document, path, line, first.driver);
  if (line.maxBusShare !== undefined && line.serial === undefined) {
    const hint = 'a network has no time to share: use maxRequestsPerSecond';
    defects.push(document.defect([...path, 'maxBusShare'], '"maxBusShare" is for serial lines', hint));
  }
  for (const { index, entry } of others) {
    if (entry.protocol === first.entry.protocol) continue;
    const message = `the line "${line.name}" speaks ${first.entry.protocol} already`;
    defects.push(document.defect(['devices', index, 'protocol'], message, 'all devices of a line speak one protocol'));
  }
  return [...defects, ...checkStations(document, devices)];
}

/** Two devices that would answer to the same address. */
function checkStations(document: ConfigDocument, devices: readonly Placed[]): Defect[] {
  const taken = new Map<number, string>();
  const defects: Defect[] = [];
  for (const { index, entry, driver, options } of devices) {
    if (options === undefined) continue;
    const station = driver.stationOf(options);
    const other = taken.get(station);
    if (other === undefined) taken.set(station, entry.name);
    else {
      const message = `the address ${station} is that of "${other}", too`;
      defects.push(document.defect(['devices', index], message, 'each device of a line has an address of its own'));
    }
  }
  return defects;
}

/** The lines of a document in which `checkLines` finds nothing, in the order of their first devices. */
export function assembleLines(
  { lines, devices }: GatewayDocument,
  drivers: Drivers,
  options: readonly unknown[],
  tagsOf: (device: number) => ConfiguredDevice['tags'],
  absolute: (path: string) => string,
): ConfiguredLine[] {
  const assembled = new Map<string, { readonly line: ConfiguredLine; readonly devices: ConfiguredDevice[] }>();
  for (const [index, entry] of devices.entries()) {
    const driver = drivers.get(entry.protocol)!;
    const device: ConfiguredDevice = {
      name: entry.name,
      options: options[index],
      timeoutMs: entry.timeout,
      limits: limitsOf(entry),
      tags: tagsOf(index),
    };
    const shared = lines.find(({ name }) => name === entry.line);
    // A line and a device may have the same name.
    const key = shared ? `line ${shared.name}` : `device ${entry.name}`;
    const known = assembled.get(key);
    if (known) {
      known.devices.push(device);
      continue;
    }
    const onLine = [device];
    const line: ConfiguredLine = {
      name: shared?.name ?? entry.name,
      driver,
      medium: mediumOf(shared ?? entry, driver.manifest, absolute),
      limits: shared ? limitsOf(shared) : {},
      devices: onLine,
    };
    assembled.set(key, { line, devices: onLine });
  }
  return [...assembled.values()].map(({ line }) => line);
}
