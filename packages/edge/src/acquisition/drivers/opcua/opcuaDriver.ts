/** OPC UA, the client's side: the driver as its line sees it. */

import { success } from '@tidegate/core/fault/fault.ts';
import { dissectOpcUaRequest } from '@tidegate/dissect/opcua/dissectOpcUaRequest.ts';
import type { Driver } from '../../driver.ts';
import { manifest } from './manifest.ts';
import { OpcuaLine } from './opcuaLine.ts';
import { type OpcuaOptions, optionsSchema } from './options.ts';
import { parsePoint } from './points.ts';

/** Behind one connection there is one server. */
const STATION = 0;

export const opcuaDriver: Driver<OpcuaOptions> = {
  manifest,
  options: optionsSchema,
  dissect: dissectOpcUaRequest,
  stationOf: () => STATION,
  checkPoint(spec) {
    const point = parsePoint(spec);
    return point.ok ? success({ type: point.value.type }) : point;
  },
  prepare: (devices, ports) => new OpcuaLine(devices, ports),
};
