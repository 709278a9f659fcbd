/** The page of the devices: which of them are well, and what is wrong with the others. */

import type { Device } from '@tidegate/platform/northbound/contract/device.ts';
import { useState } from 'react';
import { useLive } from '../live/useLive.ts';
import { formatCount } from '../reading/number.ts';
import { DeviceTable } from './DeviceTable.tsx';
import { type DeviceFilter, filterCounts, isSick, listDevices } from './deviceOrder.ts';
import { useDevices } from './useDevices.ts';

export function DevicePage() {
  const live = useLive();
  const [filter, setFilter] = useState<DeviceFilter>('all');
  const [text, setText] = useState('');
  const { data, failureReason } = useDevices();
  const devices = data?.devices ?? [];
  const shown = listDevices(devices, filter, text);
  return (
    <main className="wide">
      <section className="panel devices" aria-label="Devices">
        <div className="panel-head">
          <h2>Devices</h2>
          <span className="panel-note" role="status">
            {data && sentenceOf(devices, shown.length)}
          </span>
          <span className="spring" />
          <input
            type="search"
            className="filter"
            placeholder="Filter by name, protocol, error"
            aria-label="Filter devices by name, line, protocol or error"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <fieldset className="segments">
            <legend className="visually-hidden">Which devices</legend>
            {filterCounts(devices).map(([name, count]) => (
              <button key={name} type="button" aria-pressed={filter === name} onClick={() => setFilter(name)}>
                {name === 'sick' ? 'need attention' : name} {formatCount(count)}
              </button>
            ))}
          </fieldset>
        </div>
        {shown.length > 0 ? (
          <DeviceTable devices={shown} nowMs={live.nowMs} />
        ) : (
          <DeviceNotice devices={data?.devices} fault={failureReason?.message} />
        )}
      </section>
    </main>
  );
}

function sentenceOf(devices: readonly Device[], shown: number): string {
  const sick = devices.filter(isSick).length;
  const how = sick === 0 ? 'all are well' : `${formatCount(sick)} need attention`;
  const few = shown < devices.length ? `; ${formatCount(shown)} shown` : '';
  return devices.length === 0 ? '' : `${formatCount(devices.length)} in all: ${how}${few}`;
}

function DeviceNotice({
  devices,
  fault,
}: {
  readonly devices: readonly Device[] | undefined;
  readonly fault: string | undefined;
}) {
  if (devices === undefined) {
    return fault ? (
      <p className="notice" role="alert">
        The devices could not be loaded. {fault} Trying again by itself.
      </p>
    ) : (
      <p className="notice">Loading the devices…</p>
    );
  }
  if (devices.length === 0) {
    return <p className="notice">No devices yet. They appear here as soon as a gateway has connected and reported.</p>;
  }
  return <p className="notice">No device matches.</p>;
}
