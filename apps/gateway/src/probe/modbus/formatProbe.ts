/** What a probe has found, for people, for programs, and to be pasted into a configuration. */

import type { ProbedTableReport, ProbeReport } from '@tidegate/edge/acquisition/drivers/modbus/probe/probeUnit.ts';
import { alignedColumns } from '../../alignedColumns.ts';
import { type ProbedValue, probedValues, shown } from './probedValue.ts';
import type { ProbeRequest } from './probeRequest.ts';

/** The name of a scan class, which whoever pastes the tags has to have, or to change. */
const SCAN = 'slow';
const HEADER = 'path,address,type,order,scan,description';

export function formatProbe(report: ProbeReport, { output, prefix, options, unit }: ProbeRequest): string {
  const values = report.tables.map((table) => ({ table, values: probedValues(table) }));
  const all = values.flatMap((table) => table.values);
  switch (output) {
    case 'json':
      return `${JSON.stringify({ unit, identity: report.identity ?? null, requests: report.requests, tables: values.map(asJson) }, undefined, 2)}\n`;
    case 'csv':
      return [HEADER, ...all.map((value) => csvLine(value, prefix)), ''].join('\n');
    case 'yaml':
      return all.map((value) => `${yamlLine(value, prefix)}\n`).join('');
    default: {
      const identity = report.identity === undefined ? [] : [`The device says of itself: ${report.identity}`, ''];
      const asked = options.last - options.first + 1;
      return [...identity, ...values.flatMap((table) => tableLines(table.table, table.values, asked))].join('\n');
    }
  }
}

function asJson({ table, values }: { readonly table: ProbedTableReport; readonly values: readonly ProbedValue[] }) {
  const found = table.found.map(({ first, count }) => ({ first, last: first + count - 1 }));
  return { table: table.table, found, remark: table.remark ?? null, values };
}

function tableLines(report: ProbedTableReport, values: readonly ProbedValue[], asked: number): string[] {
  const { table, found, remark } = report;
  const there = found.reduce((sum, { count }) => sum + count, 0);
  const runs = found.map(({ first, count }) => (count === 1 ? `${first}` : `${first}-${first + count - 1}`));
  const head = `${table}: ${there} of ${asked} addresses answer${there === 0 ? '' : `: ${runs.join(', ')}`}`;
  const rows = values
    .filter(({ raw }) => raw.length > 0)
    .map(({ address, raw, type, order = '', value, reason }) => [
      address,
      raw.map((word) => `0x${word.toString(16).padStart(4, '0')}`).join(' '),
      type,
      order,
      typeof value === 'number' ? shown(value) : JSON.stringify(value),
      reason,
    ]);
  const columns = ['address', 'raw', 'type', 'order', 'value', 'seen'];
  const lines = rows.length > 0 ? alignedColumns([columns, ...rows]).map((line) => `  ${line}`) : [];
  return [head, ...(remark === undefined ? [] : [`  ${remark}`]), ...lines, ''];
}

/** `site/holding-100`: letters, digits and hyphens, to be renamed by whoever knows what it is. */
function pathOf({ address }: ProbedValue, prefix: string): string {
  return `${prefix}/${address.replace(/\[.*$/, '').replace(':', '-')}`;
}

function csvLine(value: ProbedValue, prefix: string): string {
  const { address, type, order = '', reason } = value;
  return [pathOf(value, prefix), address, type, order, SCAN, `"${reason}"`].join();
}

function yamlLine(value: ProbedValue, prefix: string): string {
  const { address, type, order, reason } = value;
  const ordered = order === undefined ? '' : `, order: ${order}`;
  return `- { path: ${pathOf(value, prefix)}, address: "${address}", type: ${type}${ordered}, scan: ${SCAN} } # ${reason}`;
}
