/** Reads a gateway's configuration, its tag lists included: complete and checked, or everything that is wrong with it. */

import { resolve } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { ConfigResult, Defect } from '@tidegate/config/defect.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { AnyDriver } from '../acquisition/driver.ts';
import { loadDriver, PROTOCOLS } from '../acquisition/drivers/driverRegistry.ts';
import { checkTags, idOf, pointOf } from './checkTags.ts';
import type { ConfiguredLine, GatewayConfig, TagConfig } from './gatewayConfig.ts';
import { draftSchema, type GatewayDocument, gatewaySchemaOf } from './gatewaySchema.ts';
import { besideFile, type PlacedTag, readTagLists } from './readTagLists.ts';

/** A signal that stands still says so at least this often: silence must not look like a dead gateway. */
const MAX_INTERVAL_MS = 600_000;

/** The configuration in `file`; relative paths in it start from its folder. Never throws. */
export async function loadGatewayConfig(file: string): Promise<ConfigResult<GatewayConfig>> {
  const document = await ConfigDocument.read(file);
  // Where the document is not right as a whole, its tag lists are checked all the same, so that all is told at once.
  const draft = draftSchema.catch({ devices: [] }).parse(document.data);
  const drivers = await loadDrivers(draft.devices.map((device) => device?.protocol));
  const others = PROTOCOLS.filter((protocol) => !drivers.has(protocol));
  const validated = document.validate(gatewaySchemaOf([...drivers.values()], others));
  const lists = await readTagLists(document, draft.devices);
  const types = new Map<PlacedTag, TagType>();
  const defects = [
    ...(validated.ok ? [] : validated.defects),
    ...lists.defects,
    ...checkDevices(document, draft.devices),
    ...checkTags(lists.tags, {
      scanClasses: draft.scanClasses && Object.keys(draft.scanClasses),
      checkPoint: (device, point) => {
        const { protocol = '', ...keys } = draft.devices[device] ?? {};
        const driver = drivers.get(protocol);
        const options = driver && optionsOf(driver, keys);
        return options === undefined ? undefined : driver?.checkPoint(point, options);
      },
      learnType: (tag, type) => types.set(tag, type),
    }),
  ];
  if (!validated.ok || defects.length > 0) return { ok: false, defects };
  return { ok: true, value: complete(file, validated.value, lists.tags, types, drivers) };
}

type Drivers = ReadonlyMap<string, AnyDriver>;

async function loadDrivers(protocols: readonly (string | undefined)[]): Promise<Drivers> {
  const drivers = new Map<string, AnyDriver>();
  for (const protocol of new Set(protocols)) {
    const driver = protocol === undefined ? undefined : await loadDriver(protocol);
    if (driver) drivers.set(driver.manifest.protocol, driver);
  }
  return drivers;
}

/** The keys of a device that are its driver's, as the driver wants them; `undefined` where something is wrong with them. */
function optionsOf({ options }: AnyDriver, keys: Readonly<Record<string, unknown>>): unknown {
  const own = Object.keys(options.shape).filter((key) => key in keys);
  return options.safeParse(Object.fromEntries(own.map((key) => [key, keys[key]]))).data;
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
  drivers: Drivers,
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
    lines: devices.map((device, index) => {
      const ofDevice = (byDevice.get(index) ?? []).map((tag) => completeTag(tag, types.get(tag)!));
      return completeLine(device, drivers.get(device.protocol)!, ofDevice);
    }),
  };
}

/** A device that names its own host is alone on its line. */
function completeLine(
  device: GatewayDocument['devices'][number],
  driver: AnyDriver,
  tags: readonly TagConfig[],
): ConfiguredLine {
  const { name, host, port = driver.manifest.defaultPort, connectTimeout, timeout, requestPause } = device;
  const { maxRequestsPerSecond } = device;
  const limits = {
    minRequestPauseMs: requestPause,
    ...(maxRequestsPerSecond === undefined ? {} : { maxRequestsPerSecond }),
  };
  return {
    name,
    driver,
    medium: { kind: 'tcp', host, port, connectTimeoutMs: connectTimeout, tls: undefined },
    limits: {},
    devices: [{ name, options: optionsOf(driver, device), timeoutMs: timeout, limits, tags }],
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
