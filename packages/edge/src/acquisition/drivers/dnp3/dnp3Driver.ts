/** DNP3 (IEEE 1815), the master's side: the driver as its line sees it. */

import { success } from '@tidegate/core/fault/fault.ts';
import { dissectDnp3Request } from '@tidegate/dissect/dnp3/dissectDnp3Request.ts';
import type { Driver } from '../../driver.ts';
import { Dnp3Line } from './dnp3Line.ts';
import { manifest } from './manifest.ts';
import { allowedBy, type Dnp3Options, optionsSchema } from './options.ts';
import { parsePoint } from './points.ts';

export const dnp3Driver: Driver<Dnp3Options> = {
  manifest,
  options: optionsSchema,
  dissect: dissectDnp3Request,
  stationOf: ({ outstation }) => outstation,
  allowedBy,
  checkPoint(spec) {
    const point = parsePoint(spec);
    return point.ok ? success({ type: point.value.type }) : point;
  },
  prepare: (devices, ports) => new Dnp3Line(devices, ports),
};
