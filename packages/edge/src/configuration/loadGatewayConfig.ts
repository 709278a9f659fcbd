/** Reads a gateway's configuration, its tag lists included: complete and checked, or everything that is wrong with it. */

import { resolve } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { ConfigResult, Defect } from '@tidegate/config/defect.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import { PROTOCOLS } from '../acquisition/drivers/driverRegistry.ts';
import { readAlarms } from './alarms/readAlarms.ts';
import { assembleLines, checkLines } from './assembleLines.ts';
import { checkIntervals } from './checkCompression.ts';
import { checkTags, idOf, pointOf } from './checkTags.ts';
import { type CompressionClasses, completeCompression, isStepped } from './completeCompression.ts';
import type { ConfiguredLine, DiodeConfig, GatewayConfig, TagConfig } from './gatewayConfig.ts';
import { readGatewayPolicy } from './gatewayPolicy.ts';
import { draftSchema, type GatewayDocument, gatewaySchemaOf } from './gatewaySchema.ts';
import { readHealth } from './health/readHealth.ts';
import { loadDrivers } from './loadDrivers.ts';
import { readDeviceOptions } from './readDeviceOptions.ts';
import { besideFile, type PlacedTag, readTagLists } from './readTagLists.ts';

/**
 * The configuration in `file`; relative paths in it start from its folder. `policyFile` takes the place of the policy that it
 * names. Never throws.
 */
export async function loadGatewayConfig(file: string, policyFile?: string): Promise<ConfigResult<GatewayConfig>> {
  const document = await ConfigDocument.read(file);
  // Where the document is not right as a whole, its tag lists are checked all the same, so that all is told at once.
  const draft = draftSchema.catch({ drivers: [], devices: [] }).parse(document.data);
  const protocols = draft.devices.map((device) => device?.protocol);
  const { drivers, defects: driverDefects } = await loadDrivers(document, draft.drivers, protocols);
  const others = PROTOCOLS.filter((protocol) => !drivers.has(protocol));
  const validated = document.validate(gatewaySchemaOf([...drivers.values()], others));
  const { options, defects: optionDefects } = await readDeviceOptions(document, draft.devices, drivers);
  const lists = await readTagLists(document, draft.devices);
  const { gateway } = draft;
  const { policy, defects: policyDefects } = await readGatewayPolicy(document, policyFile ?? draft.policy, gateway);
  const types = new Map<PlacedTag, TagType>();
  const tagDefects = checkTags(lists.tags, {
    scanClasses: draft.scanClasses && Object.keys(draft.scanClasses),
    compressionClasses: draft.compressionClasses,
    checkPoint: (device, point) => {
      const driver = drivers.get(draft.devices[device]?.protocol ?? '');
      return options[device] === undefined ? undefined : driver?.checkPoint(point, options[device]);
    },
    learnType: (tag, type) => types.set(tag, type),
  });
  const typeOf = (tag: PlacedTag) => types.get(tag);
  const health = await readHealth(document, draft.health, lists.tags, typeOf);
  const alarmTags = [...lists.tags.map((tag) => ({ ...tag.entry, type: typeOf(tag) })), ...health.tags];
  const alarms = await readAlarms(document, draft.alarms, alarmTags);
  const defects = [
    ...(validated.ok ? checkLines(document, validated.value, drivers, options) : validated.defects),
    ...driverDefects,
    ...optionDefects,
    ...lists.defects,
    ...policyDefects,
    ...checkNames(document, 'devices', draft.devices),
    ...checkNames(document, 'lines', validated.ok ? validated.value.lines : []),
    ...Object.entries(draft.compressionClasses ?? {}).flatMap(([name, settings]) =>
      checkIntervals(settings, (setting, ...text) => document.defect(['compressionClasses', name, setting], ...text)),
    ),
    ...tagDefects,
    ...health.defects,
    ...alarms.defects,
  ];
  if (!validated.ok || defects.length > 0) return { ok: false, defects };
  const byDevice = Map.groupBy(lists.tags, ({ device }) => device);
  const tagsOf = (device: number) =>
    (byDevice.get(device) ?? []).map((tag) => completeTag(tag, types.get(tag)!, validated.value.compressionClasses));
  const absolute = (path: string) => resolve(besideFile(file, path));
  const lines = assembleLines(validated.value, drivers, options, tagsOf, absolute);
  const value = { ...complete(validated.value, lines, absolute), alarms: alarms.value, health: health.value, policy };
  return { ok: true, value };
}

/** Devices, or lines, that share a name. */
function checkNames(
  document: ConfigDocument,
  named: 'devices' | 'lines',
  entries: readonly ({ readonly name?: string | undefined } | undefined)[],
): Defect[] {
  const defects: Defect[] = [];
  const first = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    const name = entry?.name;
    if (name === undefined) continue;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    else {
      const { line, column } = document.place([named, earlier, 'name']);
      const hint = `the other is at ${document.file}:${line}:${column}`;
      const message = `the name "${name}" is taken by another ${named.slice(0, -1)}`;
      defects.push(document.defect([named, index, 'name'], message, hint));
    }
  }
  return defects;
}

/** The configuration with every default filled in. */
function complete(
  { gateway, dataDirectory, server, spool, lanes, scanClasses }: GatewayDocument,
  lines: readonly ConfiguredLine[],
  absolute: (path: string) => string,
): Omit<GatewayConfig, 'alarms' | 'health' | 'policy'> {
  return {
    gateway,
    dataDirectory: absolute(dataDirectory),
    server: {
      host: server.host,
      port: server.port,
      serverName: server.serverName ?? server.host,
      certificates: absolute(server.certificates),
      diode: server.diode && completeDiode(server.diode, absolute),
    },
    spool: {
      maxBytes: spool.size,
      encrypt: spool.encrypt,
      keyFile: spool.keyFile === undefined ? undefined : absolute(spool.keyFile),
    },
    lanes: perLane((lane) => ({ maxDelayMs: lanes[lane].maxDelay })),
    scanClasses: Object.fromEntries(
      Object.entries(scanClasses).map(([name, { interval, offset }]) => [
        name,
        { intervalMs: interval, ...(offset === undefined ? {} : { offsetMs: offset }) },
      ]),
    ),
    lines,
  };
}

function completeDiode(
  { key, rate, dataSymbols, paritySymbols, interleave, mtu }: NonNullable<GatewayDocument['server']['diode']>,
  absolute: (path: string) => string,
): DiodeConfig {
  return { keyFile: absolute(key), bytesPerSecond: rate, dataSymbols, paritySymbols, interleave, mtu };
}

function completeTag({ entry }: PlacedTag, type: TagType, classes: CompressionClasses): TagConfig {
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
    stepped: isStepped(entry, type),
    states: entry.states,
    scale: entry.scale ?? 1,
    offset: entry.offset ?? 0,
    low: entry.low,
    high: entry.high,
    ...completeCompression(entry, type, classes),
  };
}
