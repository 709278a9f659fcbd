/** The import rules of the house, each a pure function from the source tree to its violations. */

import path from 'node:path';
import type { SourceFile, SourceImport } from './sourceTree.ts';

export interface PackageManifest {
  readonly name: string;
  /** `packages/edge`, from the root of the repository. */
  readonly directory: string;
  readonly dependencies: readonly string[];
}

export interface Violation {
  readonly rule: string;
  readonly file: string;
  readonly detail: string;
}

type ImportCheck = (file: SourceFile, imported: SourceImport, target: string) => string | undefined;

/** What each package may import of ours. Zones form a star around core; only apps see more than one zone. */
const ALLOWED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  dissect: ['core'],
  config: ['core'],
  journal: ['core'],
  policy: ['core', 'config'],
  alarm: ['core'],
  health: ['core'],
  process: ['core'],
  edge: ['core', 'alarm', 'config', 'dissect', 'health', 'journal', 'policy'],
  oneway: ['core', 'journal'],
  platform: ['core', 'alarm', 'config', 'health', 'journal', 'policy'],
  web: ['core', 'platform'],
};
const ZONES = ['dissect', 'edge', 'oneway', 'platform', 'web'];

/** Stages in the order in which data flows; a stage may import those before it. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  'packages/edge/src': ['acquisition', 'conditioning', 'configuration', 'spool', 'supervision', 'watch'],
  'packages/platform/src': ['historian', 'identity', 'model', 'monitor', 'northbound'],
  'packages/platform/src/historian': ['ingest', 'archive', 'query', 'lake'],
  'packages/platform/src/model': ['assets', 'twins'],
  'packages/platform/src/monitor': ['latency', 'alarms', 'events', 'performance', 'health'],
  'packages/platform/src/monitor/health': ['definition', 'features', 'models', 'scoring', 'cases', 'lives'],
  'packages/platform/src/northbound': ['contract', 'rest'],
};

/** Modules that open a network or serial medium. */
const MEDIUM = /^(node:(net|tls|dgram|http|https|http2)|serialport|fastify|mqtt|modbus-serial|jsmodbus|ws|undici)$/;
const MAY_OPEN_MEDIUM = [
  'packages/edge/src/acquisition/transport/',
  'packages/oneway/src/forward/',
  'packages/oneway/src/receive/',
  'packages/oneway/src/relay/',
  'packages/platform/src/northbound/',
  'apps/',
  'bench/',
  'test/',
];

/** The rules; the key is the name under which a violation is reported. */
export const IMPORT_RULES: Readonly<Record<string, ImportCheck>> = {
  'zones form a star: they import core and the leaves beside it, never each other': (file, _imported, target) => {
    const from = packageOf(file.path);
    const to = packageOf(target);
    if (!from || !to || from === to || !(from in ALLOWED_PACKAGES) || isTest(file.path)) return undefined;
    return ALLOWED_PACKAGES[from].includes(to) ? undefined : `${from} imports ${to}`;
  },
  'of platform, web imports types of northbound/contract only': (file, imported, target) => {
    if (packageOf(file.path) !== 'web' || packageOf(target) !== 'platform') return undefined;
    if (!target.startsWith('packages/platform/src/northbound/contract/')) return `imports ${target}`;
    return imported.typeOnly ? undefined : `imports ${target} at run time`;
  },
  'core does no I/O and has no dependencies': (file, imported, target) => {
    if (packageOf(file.path) !== 'core' || isTest(file.path)) return undefined;
    return target.startsWith('packages/core/') ? undefined : `imports ${imported.specifier}`;
  },
  'a stage never imports a later stage': (file, _imported, target) => {
    for (const [parent, stages] of Object.entries(STAGES)) {
      const from = stages.indexOf(stageOf(parent, file.path));
      const to = stages.indexOf(stageOf(parent, target));
      if (from >= 0 && to > from && !isTest(file.path)) return `${stages[from]} imports the later ${stages[to]}`;
    }
    return undefined;
  },
  'forward and receive share nothing but frame, which only they import': (file, _imported, target) => {
    const [from, to] = [stageOf('packages/oneway/src', file.path), stageOf('packages/oneway/src', target)];
    if (to === 'frame' && from === '') return `imports ${target}`;
    if (isTest(file.path)) return undefined;
    if ((from === 'forward' && to === 'receive') || (from === 'receive' && to === 'forward'))
      return `${from} imports ${to}`;
    return from === 'frame' && to !== 'frame' && to !== '' ? `frame imports ${to}` : undefined;
  },
  'only the transport, the boundary, northbound and apps open a medium': (file, imported) => {
    if (!MEDIUM.test(imported.specifier) || imported.typeOnly || isTest(file.path)) return undefined;
    return MAY_OPEN_MEDIUM.some((place) => file.path.startsWith(place)) ? undefined : `imports ${imported.specifier}`;
  },
  'apps/tidegate imports no zone': (file, _imported, target) => {
    const to = packageOf(target);
    return file.path.startsWith('apps/tidegate/') && to && ZONES.includes(to) ? `imports ${to}` : undefined;
  },
  'an app imports no other app': (file, _imported, target) => {
    const [from, to] = [appOf(file.path), appOf(target)];
    return from && to && from !== to ? `${from} imports ${to}` : undefined;
  },
  'a package reaches another by its name, never by a relative path': (file, imported, target) => {
    if (!imported.specifier.startsWith('.') || target.startsWith(ownerOf(file.path))) return undefined;
    return `imports ${imported.specifier}`;
  },
};

/** Every violation of every import rule, and of the rule that what is imported must be declared. */
export function checkImports(files: readonly SourceFile[], manifests: readonly PackageManifest[]): Violation[] {
  const violations: Violation[] = [];
  for (const file of files) {
    for (const imported of file.imports) {
      const target = resolveImport(file.path, imported.specifier);
      for (const [rule, check] of Object.entries(IMPORT_RULES)) {
        const detail = check(file, imported, target);
        if (detail) violations.push({ rule, file: file.path, detail });
      }
      const undeclared = undeclaredImport(file, imported, manifests);
      if (undeclared) violations.push({ rule: UNDECLARED, file: file.path, detail: undeclared });
    }
  }
  return violations;
}

export const UNDECLARED = 'what a package imports, it declares';

function undeclaredImport(file: SourceFile, { specifier }: SourceImport, manifests: readonly PackageManifest[]) {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const root = manifests.find((manifest) => manifest.directory === '.');
  const owner = manifests.find((manifest) => file.path.startsWith(`${manifest.directory}/`)) ?? root;
  const testTool = isTest(file.path) && root?.dependencies.includes(name);
  if (!owner || owner.name === name || owner.dependencies.includes(name) || testTool) return undefined;
  // The root's own tests, benches and scripts run on what the workspaces declare: npm links them all.
  if (owner === root && (name.startsWith('@tidegate/') || manifests.some((m) => m.dependencies.includes(name)))) {
    return undefined;
  }
  return `imports ${name}, which ${owner.directory}/package.json does not name`;
}

/** The repository path that a specifier leads to, or the specifier itself where it leads outside. */
export function resolveImport(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from), specifier);
  const ours = /^@tidegate\/([^/]+)\/(.+)$/.exec(specifier);
  return ours ? `packages/${ours[1]}/src/${ours[2]}` : specifier;
}

function packageOf(file: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(file)?.[1];
}

function appOf(file: string): string | undefined {
  return /^apps\/([^/]+)\//.exec(file)?.[1];
}

/** The package or app directory that a file belongs to; the whole repository for what belongs to none. */
function ownerOf(file: string): string {
  return /^(?:packages|apps)\/[^/]+\//.exec(file)?.[0] ?? '';
}

/** The folder directly below `parent` in which `file` lies; empty where it lies elsewhere. */
function stageOf(parent: string, file: string): string {
  if (!file.startsWith(`${parent}/`)) return '';
  return file.slice(parent.length + 1).split('/', 2).length === 2 ? file.slice(parent.length + 1).split('/', 1)[0] : '';
}

/** Tests, and the parts that only tests use, which lie in folders named `testbed`. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$|\/testbed\//.test(file) || file.startsWith('test/') || file.startsWith('bench/');
}
