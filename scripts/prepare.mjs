/**
 * Brings a clone to where `npm start` and `npm test` can run: installs packages, builds the console, finds a browser.
 *
 * Plain JavaScript for the machine's own Node (18 or later), because the Node that runs TypeScript is one of the packages.
 * Everything it says goes to standard error: standard output belongs to the command that follows.
 *
 *     node scripts/prepare.mjs web            packages and console
 *     node scripts/prepare.mjs web chromium   the same and a browser for the browser test
 *     node scripts/prepare.mjs mosquitto      packages and the broker that a benchmark compares with
 *     node scripts/prepare.mjs historians     packages and the historians that a benchmark compares with
 *     node scripts/prepare.mjs compiler       packages and a C compiler, for the tests of power cuts and the server of a benchmark
 *     node scripts/prepare.mjs network        packages and what the tests of the boundary lay and watch wires with
 *     node scripts/prepare.mjs peers          packages and the programs of others that our drivers are tested with
 */

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** npm writes this file at the end of every installation that changed something. */
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
const NODE = join(ROOT, 'node_modules/.bin/node');
const WEB = join(ROOT, 'packages/web');
const APT_GET = '/usr/bin/apt-get';
const CHROMIUM = {
  name: 'Chromium',
  paths: [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  packages: ['chromium', 'fonts-liberation'],
  lack: 'the browser test will fail (CHROMIUM_PATH=/path/to/chromium names one that lies elsewhere)',
};
const MOSQUITTO = {
  name: 'mosquitto',
  paths: ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto'],
  packages: ['mosquitto'],
  lack: 'the benchmark has no peer to compare with',
};
/** Each of them runs only while the benchmark asks it: what its package would start by itself is stopped. */
const HISTORIANS = [
  { name: 'VictoriaMetrics', paths: ['/usr/bin/victoria-metrics'], packages: ['victoria-metrics'] },
  { name: 'InfluxDB', paths: ['/usr/bin/influxd'], packages: ['influxdb'] },
  {
    name: 'PostgreSQL',
    paths: [13, 14, 15, 16, 17, 18].map((version) => `/usr/lib/postgresql/${version}/bin/postgres`),
    packages: ['postgresql'],
  },
].map((historian) => ({
  ...historian,
  services: historian.packages,
  lack: 'the benchmark has one peer less to compare with',
}));
const COMPILER = {
  name: 'C compiler',
  paths: ['/usr/bin/cc'],
  packages: ['gcc', 'libc6-dev'],
  lack: 'the tests of power cuts will fail, and a benchmark has a slower server',
};
const NETWORK = [
  { name: 'iproute2', paths: ['/usr/sbin/ip', '/sbin/ip'], packages: ['iproute2'] },
  { name: 'tcpdump', paths: ['/usr/bin/tcpdump', '/usr/sbin/tcpdump'], packages: ['tcpdump'] },
  { name: 'nftables', paths: ['/usr/sbin/nft'], packages: ['nftables'] },
  { name: 'strace', paths: ['/usr/bin/strace'], packages: ['strace'] },
  { name: 'ping', paths: ['/usr/bin/ping', '/bin/ping'], packages: ['iputils-ping'] },
].map((program) => ({ ...program, lack: 'the tests of the boundary cannot run' }));
const LIBMODBUS = {
  name: 'libmodbus',
  paths: ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''].map((folder) => `/usr/lib/${folder}libmodbus.so.5`),
  packages: ['libmodbus5'],
  lack: 'the tests with it will be skipped',
};
const PYTHON_VENV = {
  name: 'venv for Python',
  paths: ['3.9', '3.10', '3.11', '3.12', '3.13', '3.14'].map((version) => `/usr/lib/python${version}/ensurepip`),
  packages: ['python3', 'python3-venv'],
  lack: 'the tests with peers in Python will be skipped',
};
const PEERS = join(ROOT, 'node_modules/.cache/peers');
const PEER_PYTHON = join(PEERS, 'bin/python');
const PEER_REQUIREMENTS = join(ROOT, 'test/interop/peers/requirements.txt');

const wanted = new Set(process.argv.slice(2));
installPackages();
if (wanted.has('web')) buildConsole();
if (wanted.has('chromium')) findProgram(CHROMIUM);
if (wanted.has('mosquitto')) findProgram(MOSQUITTO);
if (wanted.has('historians')) HISTORIANS.forEach(findProgram);
if (wanted.has('compiler')) findProgram(COMPILER);
if (wanted.has('network')) NETWORK.forEach(findProgram);
if (wanted.has('peers')) installPeers();

function installPackages() {
  const manifests = ['package.json', 'package-lock.json', ...workspaceManifests()].map((path) => join(ROOT, path));
  if (existsSync(NODE) && modifiedMs([INSTALLED]) >= modifiedMs(manifests)) return;
  say('installing packages (npm install), which takes a moment the first time');
  const npm = process.env.npm_execpath;
  const [command, script] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  run(command, [...script, 'install', '--no-audit', '--no-fund', '--loglevel=error'], ROOT);
  const now = new Date();
  utimesSync(INSTALLED, now, now);
}

function workspaceManifests() {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(ROOT, parent))
      .map((name) => join(parent, name, 'package.json'))
      .filter((path) => existsSync(join(ROOT, path))),
  );
}

function buildConsole() {
  const sources = ['index.html', 'vite.config.ts', 'package.json', ...filesIn('src'), ...filesIn('public')];
  const built = join(WEB, 'dist/index.html');
  if (existsSync(built) && modifiedMs([built]) >= modifiedMs(sources.map((path) => join(WEB, path)))) return;
  say('building the console');
  run(NODE, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], WEB);
}

function filesIn(folder) {
  const path = join(WEB, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(inner) : [inner];
  });
}

/** A program that is a Debian package; where it cannot be installed, what needs it says so once more. */
function findProgram({ name, paths, packages, lack, services = [] }) {
  const isThere = () => paths.some((path) => path && existsSync(path));
  if (isThere()) return;
  if (process.getuid?.() === 0 && existsSync(APT_GET)) {
    say(`installing ${name} (apt-get install ${packages.join(' ')})`);
    const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync(APT_GET, ['update', '-qq'], options);
    spawnSync(APT_GET, ['install', '-qq', '--no-install-recommends', ...packages], options);
    if (services.length > 0) spawnSync('systemctl', ['disable', '--now', ...services], { stdio: 'ignore' });
    if (isThere()) return;
  }
  say(`there is no ${name}, so ${lack}. Debian: apt-get install ${packages.join(' ')}`);
}

/** Each package by itself, so that one that cannot be installed here takes no other with it; what is missing is tried again. */
function installPeers() {
  findProgram(LIBMODBUS);
  const installed = join(PEERS, 'requirements.txt');
  const requirements = readFileSync(PEER_REQUIREMENTS, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === requirements) return;
  say('installing the peers of the interoperability tests, which takes a moment the first time');
  if (!makePythonEnvironment()) return;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const missing = requirements.split('\n').filter((line) => line && !attempt(PEER_PYTHON, [...pip, line]));
  if (missing.length === 0) copyFileSync(PEER_REQUIREMENTS, installed);
  else say(`not installed, so the tests with them will be skipped: ${missing.join(', ')}`);
}

function makePythonEnvironment() {
  if (attempt(PEER_PYTHON, ['-m', 'pip', '--version'])) return true;
  const make = () => attempt('python3', ['-m', 'venv', '--clear', PEERS]);
  if (make()) return true;
  findProgram(PYTHON_VENV);
  return make();
}

/** Whether the command ends well. */
function attempt(command, args) {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 2] }).status === 0;
}

/** The latest modification among the files that exist; 0 where none does. */
function modifiedMs(paths) {
  return Math.max(0, ...paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  say(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}

function say(text) {
  process.stderr.write(`tidegate: ${text}\n`);
}
