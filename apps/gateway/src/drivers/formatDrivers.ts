/** Drivers as text: the list with what each may send, and all about one of them. */

import { alignedColumns } from '../alignedColumns.ts';
import type { DeviceKey, DriverSheet, SentService } from './driverSheet.ts';

const LISTENS_ONLY = 'listens only: sends nothing';

/** Each with the services that it may ask of a device. */
export function formatDriverList(sheets: readonly DriverSheet[]): string {
  return sheets.map((sheet) => [headOf(sheet), ...indented(sendsOf(sheet)), ''].join('\n')).join('\n');
}

/** One driver with the keys of its devices, and `example` where there is one. */
export function formatDriver(sheet: DriverSheet, example: string | undefined): string {
  const keys = sheet.keys.map((key) => [key.name, withoutIt(key), key.description]);
  const sections: readonly (readonly [heading: string, lines: readonly string[]])[] = [
    ['What it may send', sendsOf(sheet)],
    ['Keys of a device, beside those of all', alignedColumns(keys)],
    ['Example', example?.trimEnd().split('\n') ?? []],
  ];
  const written = sections.filter(([, lines]) => lines.length > 0);
  return [headOf(sheet), ...written.map(([heading, lines]) => `\n${heading}:\n${indented(lines).join('\n')}`), ''].join(
    '\n',
  );
}

/** Whether a service is asked of a device that says nothing of it. */
export function whenSent({ option }: SentService): string {
  return option === undefined ? 'always allowed' : `off, unless ${option} allows it`;
}

function headOf({ protocol, title, media, defaultPort, package: from }: DriverSheet): string {
  const port = media.includes('tcp') || media.includes('listen') ? `, port ${defaultPort}` : '';
  return `${protocol}: ${title}, over ${media.join(' or ')}${port}${from === undefined ? '' : `, of ${from}`}`;
}

function sendsOf({ sends }: DriverSheet): string[] {
  if (sends.length === 0) return [LISTENS_ONLY];
  return alignedColumns(sends.map((sent) => [sent.service, sent.effect, whenSent(sent), sent.reason ?? '']));
}

function withoutIt(key: DeviceKey): string {
  if (key.required) return 'required';
  return key.default === undefined ? 'optional' : `default ${JSON.stringify(key.default).replaceAll('"', '')}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`));
}
