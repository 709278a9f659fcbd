/**
 * The locks by which a driver cannot write to a device, as far as they concern the whole tree: docs/security.md lists all.
 * Each rule is shown to catch a violation, too.
 */

import { describe, expect, it } from 'vitest';
import { doorsIn, globalDoorsIn } from '../packages/edge/src/acquisition/testbed/doorsIn.ts';
import { isTest, resolveImport } from './architecture/importRules.ts';
import { moduleGraph } from './architecture/moduleGraph.ts';
import { readSourceTree, type SourceFile, sourceFile } from './architecture/sourceTree.ts';

const ACQUISITION = 'packages/edge/src/acquisition';
const TRANSPORT = `${ACQUISITION}/transport/`;
const LINE = `${ACQUISITION}/line/line.ts`;
/** Where lines are opened: in operation, and when a device is tried out. */
const PROBES = 'apps/gateway/src/probe/';
const LISTENING_PROBE = `${PROBES}profibus/probeProfibus.ts`;
/** It opens none, and has the guards refuse what the self-test gives them. */
const DRILL = `${ACQUISITION}/line/guardDrill.ts`;
const OPENS_LINES = [LINE, `${PROBES}modbus/probeModbus.ts`, LISTENING_PROBE, DRILL];
/** It loads the drivers that a configuration names. */
const LOADS_DRIVERS = 'packages/edge/src/configuration/loadDrivers.ts';

const tree = readSourceTree();
const running = tree.filter(({ path }) => !isTest(path));
/** The one file of a driver's folder that names the parser of the guard. */
const drivers = running.map(({ path }) => path).filter((path) => /\/drivers\/[^/]+\/[a-z0-9]+Drivers?\.ts$/.test(path));

type Rule = (file: SourceFile) => readonly string[];

const RULES: Readonly<Record<string, Rule>> = {
  'no part of the acquisition but the transport, and nothing that dissects, has a door of its own': ({ path, text }) =>
    new RegExp(`^(${ACQUISITION}/(?!transport/)|packages/(core|dissect)/)`).test(path) ? doorsIn(text) : [],
  'nothing in the OT zone gets a door without an import': ({ path, text }) =>
    /^packages\/(edge|config|journal)\//.test(path) && path !== LOADS_DRIVERS ? globalDoorsIn(text) : [],
  'of the transport others run the openers alone, where lines are opened': ({ path, imports }) =>
    imports
      .filter(({ typeOnly }) => !typeOnly)
      .map(({ specifier }) => resolveImport(path, specifier))
      .filter((target) => target.startsWith(TRANSPORT) && !path.startsWith(TRANSPORT) && !mayRun(path, target)),
  'a probe that listens opens taps alone': ({ path, text }) =>
    path === LISTENING_PROBE ? (text.match(/\bguardedOpener\b|\bcreateWriteGuard\b/g) ?? []) : [],
  'the drill of the guards opens no line': ({ path, text }) =>
    path === DRILL ? (text.match(/\b(guardedOpener|tapOpener)\b/g) ?? []) : [],
  'nobody but the transport knows what a guarded frame is': ({ path, text }) =>
    path.startsWith(TRANSPORT) ? [] : (text.match(/\bGuardedFrame\b|\bguardedFrameBrand\b/g) ?? []),
  'what runs imports nothing that only tests use': ({ path, imports }) =>
    imports.map(({ specifier }) => resolveImport(path, specifier)).filter(isTest),
};

function mayRun(path: string, target: string): boolean {
  const file = target.slice(TRANSPORT.length);
  return file === 'medium.ts' || (OPENS_LINES.includes(path) && (file === 'openLine.ts' || file === 'writeGuard.ts'));
}

/** For each rule, files that break it. */
const PLANTED: Readonly<Record<keyof typeof RULES, readonly (readonly [path: string, text: string])[]>> = {
  'no part of the acquisition but the transport, and nothing that dissects, has a door of its own': [
    [`${ACQUISITION}/drivers/modbus/x.ts`, "import { connect } from 'node:net';"],
    [`${ACQUISITION}/drivers/modbus/x.ts`, "import { openSync } from 'node:fs';"],
    [`${ACQUISITION}/line/lineLoop.ts`, "await fetch('http://10.0.0.7/coil?on');"],
    ['packages/dissect/src/modbus/x.ts', "process.getBuiltinModule('net');"],
  ],
  'nothing in the OT zone gets a door without an import': [
    ['packages/edge/src/spool/x.ts', "new WebSocket('ws://10.0.0.7');"],
  ],
  'of the transport others run the openers alone, where lines are opened': [
    [`${ACQUISITION}/drivers/modbus/x.ts`, "import { TcpDialer } from '../../transport/tcpDialer.ts';"],
    [`${ACQUISITION}/drivers/modbus/x.ts`, "import { guardedOpener } from '../../transport/openLine.ts';"],
    ['apps/gateway/src/x.ts', "import { GuardedLink } from '@tidegate/edge/acquisition/transport/guardedLink.ts';"],
    [LINE, "import { SerialLine } from '../transport/serialLine.ts';"],
  ],
  'a probe that listens opens taps alone': [
    [LISTENING_PROBE, "import { guardedOpener } from '@tidegate/edge/acquisition/transport/openLine.ts';"],
  ],
  'the drill of the guards opens no line': [[DRILL, "import { guardedOpener } from '../transport/openLine.ts';"]],
  'nobody but the transport knows what a guarded frame is': [
    [LINE, "import type { GuardedFrame } from '../transport/writeGuard.ts';"],
  ],
  'what runs imports nothing that only tests use': [
    [`${ACQUISITION}/drivers/modbus/x.ts`, "import { openTestPeer } from '../../testbed/testPeer.ts';"],
    ['apps/gateway/src/x.ts', "import { site } from './main.test.ts';"],
  ],
};

describe.each(Object.entries(RULES))('%s', (name, rule) => {
  it('holds over the whole tree', () => {
    expect(running.flatMap((file) => rule(file).map((found) => `${file.path}: ${found}`))).toEqual([]);
  });

  it.each(PLANTED[name])('is broken by %s: %s', (path, text) => {
    expect(rule(sourceFile(path, text))).not.toEqual([]);
  });
});

describe('a driver', () => {
  const foldersWithCode = new Set(
    running.flatMap(({ path }) => new RegExp(`^${ACQUISITION}/drivers/[^/]+/`).exec(path) ?? []),
  );

  it('names its parser in one file of its folder', () => {
    expect(foldersWithCode.size).toBeGreaterThanOrEqual(3);
    expect(drivers.map((path) => path.replace(/[^/]+$/, ''))).toEqual([...foldersWithCode].sort());
  });

  it.each(drivers)('runs nothing that opens a medium, and nothing of the transport: %s', (entry) => {
    const { files, foreign } = moduleGraph(entry, tree);
    expect(foreign).toEqual(['zod']);
    expect(files.filter((file) => file.startsWith(TRANSPORT) || isTest(file))).toEqual([]);
  });

  it.each(drivers)('shares nothing but the vocabulary with the parser that reads its frames again: %s', (entry) => {
    const folder = entry.replace(/[^/]+$/, '');
    const parsers = moduleGraph(entry, tree).files.filter((file) => file.startsWith('packages/dissect/'));
    expect(parsers).not.toEqual([]);
    expect(parsers.flatMap((file) => moduleGraph(file, tree).foreign)).toEqual([]);
    const ofParsers = new Set(parsers.flatMap((file) => moduleGraph(file, tree).files));
    const codec = running.map(({ path }) => path).filter((path) => path.startsWith(folder) && path !== entry);
    const ofCodec = new Set(codec.flatMap((path) => moduleGraph(path, tree).files));
    const shared = [...ofCodec].filter((file) => ofParsers.has(file));
    expect(shared).toEqual(shared.filter((file) => file.startsWith('packages/core/src/fault/')));
  });

  it('would be seen to run what opens a medium, if it did: a line does', () => {
    expect(moduleGraph(LINE, tree).foreign).toEqual(expect.arrayContaining(['node:net', 'node:tls', 'serialport']));
  });
});

describe('a tap', () => {
  it('runs nothing that could send', () => {
    const { files, foreign } = moduleGraph(`${TRANSPORT}lineTap.ts`, tree);
    expect(foreign).toEqual([]);
    expect(files.filter((file) => !file.startsWith('packages/core/'))).toEqual([`${TRANSPORT}lineTap.ts`]);
  });
});
