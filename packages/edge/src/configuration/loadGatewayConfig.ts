/** Reads a gateway's configuration, its tag lists included: complete and checked, or everything that is wrong with it. */

import { resolve } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { ConfigResult, Defect } from '@tidegate/config/defect.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import { DRIVERS } from '../acquisition/drivers/driverRegistry.ts';
import { checkTags, idOf, pointOf } from './checkTags.ts';
import type { GatewayConfig, TagConfig } from './gatewayConfig.ts';
import { draftSchema, type GatewayDocument, gatewaySchema } from './gatewaySchema.ts';
import { besideFile, type PlacedTag, readTagLists } from './readTagLists.ts';

/** A signal that stands still says so at least this often: silence must not look like a dead gateway. */
const MAX_INTERVAL_MS = 600_000;

/** The configuration in `file`; relative paths in it start from its folder. Never throws. */
export async function loadGatewayConfig(file: string): Promise<ConfigResult<GatewayConfig>> {
  const document = await ConfigDocument.read(file);
  const validated = document.validate(gatewaySchema);
  // Where the document is not right as a whole, its tag lists are checked all the same, so that all is told at once.
  const draft = validated.ok ? validated.value : draftSchema.catch({ devices: [] }).parse(document.data);
  const lists = await readTagLists(document, draft.devices);
  const types = new Map<PlacedTag, TagType>();
  const defects = [
    ...(validated.ok ? [] : validated.defects),
    ...lists.defects,
    ...checkDevices(document, draft.devices),
    ...checkTags(lists.tags, {
      scanClasses: draft.scanClasses && Object.keys(draft.scanClasses),
      checkPoint: (device, point) => {
        const { protocol, maxRegisters } = draft.devices[device] ?? {};
        return protocol && DRIVERS[protocol].checkPoint(point, { maxRegisters });
      },
      learnType: (tag, type) => types.set(tag, type),
    }),
  ];
  if (!validated.ok || defects.length > 0) return { ok: false, defects };
  return { ok: true, value: complete(file, validated.value, lists.tags, types) };
}

/** Devices that share a name. */
function checkDevices(
  document: ConfigDocument,
  devices: readonly ({ readonly name?: string | undefined } | undefined)[],
): Defect[] {
  const defects: Defect[] = [];
  const first = new Map<string, number>();
  for (const [index, device] of devices.entries()) {
    const name = device?.name;
    if (name === undefined) continue;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    else {
      const { line, column } = document.place(['devices', earlier, 'name']);
      const hint = `the other is at ${document.file}:${line}:${column}`;
      defects.push(document.defect(['devices', index, 'name'], `the name "${name}" is taken by another device`, hint));
    }
  }
  return defects;
}

/** The configuration with every default filled in. */
function complete(
  file: string,
  document: GatewayDocument,
  tags: readonly PlacedTag[],
  types: ReadonlyMap<PlacedTag, TagType>,
): GatewayConfig {
  const { gateway, dataDirectory, server, lanes, scanClasses, devices } = document;
  const absolute = (path: string) => resolve(besideFile(file, path));
  const byDevice = Map.groupBy(tags, ({ device }) => device);
  return {
    gateway,
    dataDirectory: absolute(dataDirectory),
    server: {
      host: server.host,
      port: server.port,
      serverName: server.serverName ?? server.host,
      certificates: absolute(server.certificates),
    },
    lanes: { operational: completeLane(lanes.operational), analytical: completeLane(lanes.analytical) },
    scanClasses: Object.fromEntries(
      Object.entries(scanClasses).map(([name, { interval, offset }]) => [
        name,
        { intervalMs: interval, offsetMs: offset },
      ]),
    ),
    devices: devices.map((device, index) => ({
      name: device.name,
      protocol: device.protocol,
      host: device.host,
      port: device.port ?? DRIVERS[device.protocol].manifest.defaultPort,
      unit: device.unit,
      timeoutMs: device.timeout,
      connectTimeoutMs: device.connectTimeout,
      maxGap: device.maxGap,
      maxRegisters: device.maxRegisters,
      requestPauseMs: device.requestPause,
      maxRequestsPerSecond: device.maxRequestsPerSecond,
      tags: (byDevice.get(index) ?? []).map((tag) => completeTag(tag, types.get(tag)!)),
    })),
  };
}

function completeLane({ spool, maxDelay }: GatewayDocument['lanes']['operational']) {
  return { spoolBytes: spool, maxDelayMs: maxDelay };
}

function completeTag({ entry }: PlacedTag, type: TagType): TagConfig {
  const minIntervalMs = entry.minInterval ?? 0;
  return {
    id: idOf(entry),
    path: entry.path,
    type,
    point: pointOf(entry),
    scan: entry.scan,
    lane: entry.lane,
    unit: entry.unit,
    description: entry.description,
    aliases: entry.aliases,
    // Between two states there is no third: only numbers may be interpolated.
    stepped: entry.stepped ?? type !== 'number',
    scale: entry.scale ?? 1,
    offset: entry.offset ?? 0,
    low: entry.low,
    high: entry.high,
    deviation: entry.deviation ?? 0,
    minIntervalMs,
    maxIntervalMs: entry.maxInterval ?? Math.max(MAX_INTERVAL_MS, minIntervalMs),
  };
}
