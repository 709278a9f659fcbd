/** PROFIBUS DP, listening only: the driver as the line sees it. */

import { success } from '@tidegate/core/fault/fault.ts';
import { dissectProfibusRequest } from '@tidegate/dissect/profibus/dissectProfibusRequest.ts';
import type { Driver } from '../../driver.ts';
import { manifest } from './manifest.ts';
import { options, type ProfibusOptions } from './options.ts';
import { parsePoint, tagTypeOf } from './points.ts';
import { ProfibusLine } from './profibusLine.ts';

export const profibusDriver: Driver<ProfibusOptions> = {
  manifest,
  options,
  fileOptions: ['gsd'],
  dissect: dissectProfibusRequest,
  stationOf: ({ station }) => station,
  checkPoint(spec) {
    const point = parsePoint(spec);
    return point.ok ? success({ type: tagTypeOf(point.value) }) : point;
  },
  prepare: (devices, ports) => new ProfibusLine(devices, ports),
};
