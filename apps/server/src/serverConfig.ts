/** The YAML file of a server: its keys, what they may hold, and what holds where they are left out. */

import { dirname, join, resolve } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { ConfigResult } from '@tidegate/config/defect.ts';
import { byteSize, durationMs, filePath, host, port } from '@tidegate/config/fields.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { TagPattern, tagPatternDefect } from '@tidegate/core/sample/tagPattern.ts';
import type { HistorianOptions } from '@tidegate/platform/historian/query/historian.ts';
import { isLoopbackHost } from '@tidegate/platform/identity/loopbackRule.ts';
import { DEFAULT_AAS_BASE } from '@tidegate/platform/northbound/aas/mapping/aasIds.ts';
import type { ConduitPolicy } from '@tidegate/policy/conduitPolicy.ts';
import { loadPolicy } from '@tidegate/policy/loadPolicy.ts';
import { z } from 'zod';
import type { RelayEntry } from './spokenFor.ts';

export interface ServerConfig {
  /** Absolute, like every path here. */
  readonly dataDirectory: string;
  readonly boundary: {
    readonly host: string;
    readonly port: number;
    /** Holds `key.pem`, `cert.pem` and `ca.pem`. */
    readonly certificates: string;
    /** What is taken from gateways; everything, where it is `undefined`. */
    readonly policy: ConduitPolicy | undefined;
    /** Of which paths of the plant several gateways may have a tag. */
    readonly sharedPaths: readonly TagPattern[];
    /** Empty where there is a policy: that says it then. */
    readonly relays: readonly RelayEntry[];
    /** Where relays let the server fetch. */
    readonly fetch: readonly { readonly host: string; readonly port: number }[];
    /** Where datagrams come in over a data diode; `undefined` where none do. */
    readonly diode: DiodeReceiving | undefined;
  };
  readonly console: {
    readonly host: string;
    readonly port: number;
    /** What the identifiers of Asset Administration Shells begin with. */
    readonly aasBase: string;
  };
  readonly historian: Pick<
    HistorianOptions,
    'hotBytes' | 'sealIntervalMs' | 'keeperShare' | 'retention' | 'evidenceBytes'
  >;
  /** The directory of the model that is applied where none has been; `undefined` where none is named. */
  readonly model: string | undefined;
  readonly health: {
    /** IANA time zone of the site, for what people read. */
    readonly zone: string;
    readonly exportDirectory: string;
    /** Where work orders go; the first is where they go unless somebody says otherwise. */
    readonly orders: readonly OrderReceiver[];
  };
  readonly lake: {
    readonly enabled: boolean;
    readonly directory: string;
    /** A day is published so long after its end. */
    readonly delayMs: number;
  };
  readonly sql: {
    readonly enabled: boolean;
    readonly memoryBytes: number;
    readonly threads: number;
    /** What one statement may take and give. */
    readonly timeMs: number;
    readonly rows: number;
  };
}

/** A directory for files, or a webhook with the file of a secret that is sent in a header. */
export type OrderReceiver =
  | { readonly name: string; readonly directory: string }
  | { readonly name: string; readonly url: string; readonly header: string; readonly secretFile: string | undefined };

/** Where datagrams of gateways come in, which nothing answers. */
interface DiodeReceiving {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** For each gateway the file of the secret that it shares; absolute. */
  readonly keys: Readonly<Record<string, string>>;
}

const THIS_MACHINE = '127.0.0.1';
const BOUNDARY_PORT = 7420;
const FETCH_PORT = 7421;
const DIODE_PORT = 7430;
const CONSOLE_PORT = 8420;
const MIN_MEMORY_BYTES = 4 * 1024 * 1024;
const HOUR_MS = 3_600_000;
/** The original bytes of so much of what came last: some hours to weeks. */
const DEFAULT_EVIDENCE = '1 GiB';
const LAKE_DIRECTORY = 'lake';
const EXPORT_DIRECTORY = 'exports';
const ORDER_DIRECTORY = 'orders';
const MIN_SQL_MEMORY_BYTES = 64 * 1024 * 1024;
const SQL_DEFAULTS = { memory: '1 GiB', threads: 2, timeLimit: '30s', rows: 1_000_000 } as const;

const file = filePath();
const listenPort = z.int().min(0).max(65_535).describe('a port number from 1 to 65535, or 0 for any that is free');

const loopbackHost = host().superRefine((name, context) => {
  if (isLoopbackHost(name)) return;
  context.issues.push({
    code: 'custom',
    message: `other machines may reach ${JSON.stringify(name)}, and the server has no users and roles yet`,
    input: name,
    params: { hint: `use ${THIS_MACHINE}; from another machine, forward the port over SSH` },
  });
});

/** As long as leaves room for what follows: an identifier has 2,000 characters at most. */
const aasBase = z
  .string()
  .max(500)
  .regex(/^[a-z][a-z0-9+.-]*:\S*[/:#]$/i)
  .describe('the beginning of an IRI that ends with / or : or #, such as https://acme.example/aas/');

const retentionRule = z.strictObject({
  tags: z.string().min(1).describe('a pattern of tag paths such as acme/north/** or **/vibration-*'),
  keep: durationMs(HOUR_MS),
});

const tagPattern = z
  .string()
  .describe('a pattern of tag paths such as acme/north/**')
  .superRefine((text, context) => {
    const defect = tagPatternDefect(text);
    if (defect !== undefined) context.issues.push({ code: 'custom', message: `it ${defect}`, input: text });
  });

const historianSchema = z
  .strictObject({
    memory: byteSize(MIN_MEMORY_BYTES).optional(),
    sealInterval: durationMs(1_000).optional(),
    keeperShare: z.number().min(0.01).max(1).optional().describe('a part of one processor, from 0.01 to 1'),
    retention: z.array(retentionRule).default([]),
    evidence: byteSize(0).prefault(DEFAULT_EVIDENCE),
  })
  .prefault({})
  .transform(({ memory: hotBytes, sealInterval: sealIntervalMs, keeperShare, retention, evidence }) => ({
    evidenceBytes: evidence,
    ...definedOf({ hotBytes, sealIntervalMs, keeperShare }),
    retention: retention.map(({ tags, keep }) => ({ tags, keepUs: keep * US_PER_MS })),
  }));

const lakeSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    directory: file.optional(),
    delay: durationMs(1_000).prefault('1h'),
  })
  .prefault({});

const zone = z
  .string()
  .default(new Intl.DateTimeFormat().resolvedOptions().timeZone)
  .superRefine((text, context) => {
    if (isZone(text)) return;
    const params = { hint: 'a name of the IANA database, such as America/Edmonton' };
    context.issues.push({ code: 'custom', message: `there is no time zone "${text}"`, input: text, params });
  });

const orderReceiver = z
  .strictObject({
    name: z.string().min(1).max(63).describe('a name, such as maintenance'),
    directory: file.optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('an address such as https://cmms.example/orders'),
    header: z.string().min(1).default('Authorization').describe('the header that the secret is sent in'),
    secretFile: file.optional(),
  })
  .superRefine((receiver, context) => {
    if ((receiver.directory === undefined) !== (receiver.url === undefined)) return;
    const params = { hint: 'write one of the keys directory and url' };
    context.issues.push({
      code: 'custom',
      message: 'orders go to a directory or to an address',
      input: receiver,
      params,
    });
  });

const healthSchema = z
  .strictObject({ zone, exports: file.optional(), orders: z.array(orderReceiver).default([]) })
  .prefault({});

const sqlSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    memory: byteSize(MIN_SQL_MEMORY_BYTES).prefault(SQL_DEFAULTS.memory),
    threads: z.int().min(1).max(64).default(SQL_DEFAULTS.threads).describe('a number of threads from 1 to 64'),
    timeLimit: durationMs(100, HOUR_MS).prefault(SQL_DEFAULTS.timeLimit),
    rows: z.int().min(1).max(10_000_000).default(SQL_DEFAULTS.rows).describe('a number of rows from 1 to 10000000'),
  })
  .prefault({})
  .transform(({ memory: memoryBytes, timeLimit: timeMs, ...rest }) => ({ ...rest, memoryBytes, timeMs }));

const holderName = z.string().min(1).max(63).describe('a name as the certificate has it, such as dmz-1');
const relayEntry = z.strictObject({ name: holderName, gateways: z.array(holderName).min(1) });

const diodeSchema = z.strictObject({
  host: host(),
  port: listenPort.default(DIODE_PORT),
  keys: z
    .record(holderName, file)
    .describe('for each gateway the file of the secret that it shares, such as `north-1: north-1.key`'),
});

const serverSchema = z
  .strictObject({
    dataDirectory: file,
    boundary: z.strictObject({
      host: host().default(THIS_MACHINE),
      port: listenPort.default(BOUNDARY_PORT),
      certificates: file,
      policy: file.optional(),
      sharedPaths: z.array(tagPattern).default([]),
      relays: z.array(relayEntry).default([]),
      fetch: z.array(z.strictObject({ host: host(), port: port().default(FETCH_PORT) })).default([]),
      diode: diodeSchema.optional(),
    }),
    console: z
      .strictObject({
        host: loopbackHost.default(THIS_MACHINE),
        port: listenPort.default(CONSOLE_PORT),
        aasBase: aasBase.default(DEFAULT_AAS_BASE),
      })
      .prefault({}),
    historian: historianSchema,
    model: file.optional(),
    health: healthSchema,
    lake: lakeSchema,
    sql: sqlSchema,
  })
  .superRefine((document, context) => {
    const { port, policy, relays } = document.boundary;
    if (policy !== undefined && relays.length > 0) {
      context.issues.push({
        code: 'custom',
        message: 'the policy says what relays bring, and so do these',
        input: relays,
        path: ['boundary', 'relays'],
        params: { hint: 'leave them out; a conduit names its relay with `via`' },
      });
    }
    if (port === 0 || port !== document.console.port) return;
    context.issues.push({
      code: 'custom',
      message: `the console cannot have port ${port}, which is the boundary's`,
      input: port,
      path: ['console', 'port'],
      params: { hint: `the usual ones are ${CONSOLE_PORT} and ${BOUNDARY_PORT}` },
    });
  });

/** As much of a document as names its policy, so that this is checked in the same go. */
const draftSchema = z.object({ boundary: z.object({ policy: file }) });

/** The configuration in `file`; relative paths in it start from its folder. Never throws. */
export async function loadServerConfig(file: string): Promise<ConfigResult<ServerConfig>> {
  const absolute = (path: string) => resolve(dirname(file), path);
  const document = await ConfigDocument.read(file);
  const loaded = document.validate(serverSchema);
  const named = draftSchema.safeParse(document.data).data?.boundary.policy;
  const policy = named === undefined ? undefined : await loadPolicy(absolute(named));
  if (!loaded.ok || policy?.ok === false) {
    return {
      ok: false,
      defects: [...(loaded.ok ? [] : loaded.defects), ...(policy?.ok === false ? policy.defects : [])],
    };
  }
  const { dataDirectory, boundary, console, historian, model, health, lake, sql } = loaded.value;
  const directory = absolute(lake.directory ?? join(dataDirectory, LAKE_DIRECTORY));
  return {
    ok: true,
    value: {
      dataDirectory: absolute(dataDirectory),
      boundary: {
        ...boundary,
        certificates: absolute(boundary.certificates),
        policy: policy?.value,
        sharedPaths: boundary.sharedPaths.map((text) => new TagPattern(text)),
        diode: boundary.diode && {
          ...boundary.diode,
          keys: Object.fromEntries(Object.entries(boundary.diode.keys).map(([name, key]) => [name, absolute(key)])),
        },
      },
      console,
      historian,
      model: model && absolute(model),
      health: {
        zone: health.zone,
        exportDirectory: absolute(health.exports ?? join(dataDirectory, EXPORT_DIRECTORY)),
        orders: receivers(health.orders, dataDirectory, absolute),
      },
      lake: { enabled: lake.enabled, directory, delayMs: lake.delay },
      sql,
    },
  };
}

/** A directory of the data directory, where none is named. */
function receivers(
  named: readonly z.output<typeof orderReceiver>[],
  dataDirectory: string,
  absolute: (path: string) => string,
): readonly OrderReceiver[] {
  if (named.length === 0) return [{ name: 'file', directory: absolute(join(dataDirectory, ORDER_DIRECTORY)) }];
  return named.map(({ name, directory = '', url, header, secretFile }) =>
    url === undefined
      ? { name, directory: absolute(directory) }
      : { name, url, header, secretFile: secretFile && absolute(secretFile) },
  );
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** `settings` without those that are left out: what receives them has defaults of its own. */
function definedOf<Settings extends object>(
  settings: Settings,
): { [Key in keyof Settings]?: NonNullable<Settings[Key]> } {
  const defined = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [Key in keyof Settings]?: NonNullable<Settings[Key]> };
}
