#!/usr/bin/env node
/**
 * Starts the command with a Node that runs TypeScript as it is: this one, or the one that the repository has installed.
 *
 * Plain JavaScript, because it has to run on whatever Node the machine has.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAJOR = 26;
const main = new URL('../src/main.ts', import.meta.url);
const installed = ['../../../node_modules/.bin/node', '../../../node_modules/node/bin/node']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

if (Number.parseInt(process.versions.node, 10) >= MAJOR) {
  await import(main.href);
} else if (installed === undefined) {
  console.error(`tidegate: it needs Node.js ${MAJOR}, and this is ${process.versions.node}.`);
  console.error('  Run `npm install` in the repository, which brings it.');
  process.exitCode = 2;
} else {
  const child = spawn(installed, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A Ctrl-C reaches both processes, and the other one decides what to do; a signal to this one alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
