/** One row for each device: how it is, since when, what is wrong with it, and its figures. */

import type { Device } from '@tidegate/platform/northbound/contract/device.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatSince, formatSpan } from '../reading/span.ts';
import { deviceKey } from './deviceOrder.ts';
import { formatFigure, formatMilliseconds, formatShare } from './figures.ts';
import { Sparkline } from './Sparkline.tsx';
import { StateMark } from './StateMark.tsx';

/** A count that should be 0 is marked where it is not. */
const FIGURES: readonly {
  readonly name: string;
  readonly hint: string;
  readonly text: (device: Device) => string;
  readonly alarming?: (device: Device) => boolean;
  /** Left out of the table while no device has it. */
  readonly rare?: (device: Device) => boolean;
}[] = [
  {
    name: 'p50',
    hint: 'Half of the answers of the last minute or two took no longer',
    text: ({ roundTripP50Ms }) => formatMilliseconds(roundTripP50Ms),
  },
  {
    name: 'p99',
    hint: '99 of 100 of them took no longer',
    text: ({ roundTripP99Ms }) => formatMilliseconds(roundTripP99Ms),
  },
  { name: 'Requests', hint: 'Since its line was started', text: ({ requests }) => formatFigure(requests) },
  {
    name: 'Refused',
    hint: 'Answered with an exception, or with what is no answer',
    text: ({ refusals }) => formatFigure(refusals),
  },
  { name: 'Timeouts', hint: 'Not answered in time', text: ({ timeouts }) => formatFigure(timeouts) },
  {
    name: 'Skipped',
    hint: 'Scans left out because the one before was not finished',
    text: ({ skippedScans }) => formatFigure(skippedScans),
    rare: ({ skippedScans }) => (skippedScans ?? 0) > 0,
  },
  {
    name: 'Late p99',
    hint: '99 of 100 scans began no later than this after their tick',
    text: ({ scanLatenessP99Ms }) => formatMilliseconds(scanLatenessP99Ms),
  },
  {
    name: 'Budget',
    hint: 'How much of what it may be asked it was asked lately',
    text: ({ budgetUsed }) => formatShare(budgetUsed),
    rare: ({ budgetUsed }) => budgetUsed !== null,
  },
  {
    name: 'Of line',
    hint: 'The same of its line, all its devices together',
    text: ({ lineBudgetUsed }) => formatShare(lineBudgetUsed),
    rare: ({ lineBudgetUsed }) => lineBudgetUsed !== null,
  },
];

interface DeviceTableProps {
  readonly devices: readonly Device[];
  readonly nowMs: () => number;
}

export function DeviceTable({ devices, nowMs }: DeviceTableProps) {
  const figures = FIGURES.filter(({ rare }) => !rare || devices.some(rare));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="device-table" aria-label="List of devices" tabIndex={0}>
      <table>
        <caption className="visually-hidden">Devices, those with which something is wrong first</caption>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">State</th>
            <th scope="col">What is wrong</th>
            <th scope="col" title="Round trips of the last hour, p99; opens in the trend">
              Round trip, 1 h
            </th>
            {figures.map(({ name, hint }) => (
              <th key={name} scope="col" className="number" title={hint}>
                {name}
              </th>
            ))}
            <th scope="col">Protocol</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <DeviceRow key={deviceKey(device)} device={device} figures={figures} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface DeviceRowProps {
  readonly device: Device;
  readonly figures: typeof FIGURES;
  readonly nowMs: () => number;
}

function DeviceRow({ device, figures, nowMs }: DeviceRowProps) {
  const { gateway, name, line, protocol, since, state } = device;
  const roundTrips = device.tags['round-trip-p99'];
  return (
    <tr className={state === 'unknown' ? 'unknown' : undefined}>
      <th scope="row" title={`read by ${gateway}`}>
        <span className="device-name">{name}</span>
        {line !== null && line !== name && <span className="device-note"> on {line}</span>}
      </th>
      <td>
        <StateMark state={state} />
        {since !== null && <span className="device-note"> for {formatSpan(nowMs() - since / 1_000)}</span>}
      </td>
      <td className="device-words">
        <Words device={device} nowMs={nowMs()} />
      </td>
      <td>{roundTrips !== undefined && <Sparkline device={name} tag={roundTrips} nowMs={nowMs} />}</td>
      {figures.map((figure) => (
        <td key={figure.name} className="number">
          {figure.text(device)}
        </td>
      ))}
      <td>{protocol ?? NO_VALUE}</td>
    </tr>
  );
}

/** What is wrong now; else what went wrong last, in a softer ink. */
function Words({ device: { problem, lastError }, nowMs }: { readonly device: Device; readonly nowMs: number }) {
  if (problem !== null) return <span className="abnormal">{problem}</span>;
  if (lastError === null) return null;
  const atMs = lastError.at / 1_000;
  return (
    <span className="device-note" title={formatSince(atMs, nowMs)}>
      {formatSpan(nowMs - atMs)} ago: {lastError.text}
    </span>
  );
}
