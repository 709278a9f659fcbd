/** The SLMP driver: its manifest, its options, its parser for the guard, and how it plans and reads. */

import { success } from '@tidegate/core/fault/fault.ts';
import type { Driver, LineReader } from '@tidegate/edge/acquisition/driver.ts';
import type { Link } from '@tidegate/edge/acquisition/transport/link.ts';
import { dissectSlmp } from './dissect/dissectSlmp.ts';
import { manifest } from './manifest.ts';
import { options, type SlmpOptions } from './options.ts';
import { parsePoint } from './points.ts';
import { SlmpSession } from './session.ts';
import { SlmpDevice } from './slmpDevice.ts';

export const slmpDriver: Driver<SlmpOptions> = {
  manifest,
  options,
  dissect: dissectSlmp,
  stationOf: ({ network, station }) => network * 256 + station,
  checkPoint(spec, { maxWords }) {
    const point = parsePoint(spec, maxWords);
    return point.ok ? success({ type: point.value.dataType === 'bool' ? 'boolean' : 'number' }) : point;
  },
  prepare(devices, ports): LineReader {
    const session = new SlmpSession(ports.clock);
    return {
      devices: devices.map((device) => new SlmpDevice(device, session, ports)),
      connected: (link: Link) => session.connected(link),
      disconnected: () => session.disconnected(),
    };
  },
};
