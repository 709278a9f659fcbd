/** A host of its own on this machine: a network namespace, reached by nothing but the wires that a test lays. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

let made = 0;

/** Why this machine makes no hosts, as a sentence; `undefined` where it does. */
export function lackOfHosts(): string | undefined {
  const name = `tidegate-${process.pid}-probe`;
  const { status, stderr, error } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (status === 0) spawnSync('ip', ['netns', 'del', name]);
  return status === 0 ? undefined : `no network namespace can be made here: ${error?.message ?? stderr.trim()}`;
}

export class Host {
  readonly name: string;
  readonly #namespace: string;
  readonly #children = new Set<ChildProcess>();

  /** `name` is how the test speaks of it. IPv6 is off, so that nothing but what the test starts says anything. */
  constructor(name: string) {
    this.name = name;
    this.#namespace = `tidegate-${process.pid}-${made++}`;
    ip('netns', 'add', this.#namespace);
    this.run('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1');
    this.run('ip', 'link', 'set', 'lo', 'up');
  }

  /** The files in it stand for those of /etc, see ip-netns(8). */
  get #settings(): string {
    return `/etc/netns/${this.#namespace}`;
  }

  /** Runs a command on the host, and gives what it prints. Throws where it fails. */
  run(command: string, ...args: string[]): string {
    return ip('netns', 'exec', this.#namespace, command, ...args);
  }

  /** The same with `input`; tells whether it ended well. */
  feed(input: string, command: string, ...args: string[]): void {
    execFileSync('ip', ['netns', 'exec', this.#namespace, command, ...args], {
      input,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
  }

  /** Whether a command ends well on the host. */
  succeeds(command: string, ...args: string[]): boolean {
    return spawnSync('ip', ['netns', 'exec', this.#namespace, command, ...args], { stdio: 'ignore' }).status === 0;
  }

  /** A command that goes on running, with a channel for messages; it ends with the host at the latest. */
  start(command: string, ...args: string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#namespace, command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** What an HTTP server on the host itself answers. */
  fetchJson<T>(url: string): T {
    const program = 'fetch(process.argv[1]).then((r) => r.text()).then((text) => process.stdout.write(text))';
    return JSON.parse(this.run(process.execPath, '-e', program, url)) as T;
  }

  /** How many frames have come in on `device` since it was made, whatever they were. */
  framesIn(device: string): number {
    return Number(this.run('cat', `/sys/class/net/${device}/statistics/rx_packets`));
  }

  /** What is started on the host from now on asks the name server at `address`, and no file, for names. */
  askForNames(address: string): void {
    mkdirSync(this.#settings, { recursive: true });
    writeFileSync(`${this.#settings}/resolv.conf`, `nameserver ${address}\n`);
    writeFileSync(`${this.#settings}/nsswitch.conf`, 'hosts: dns\n');
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    ip('netns', 'del', this.#namespace);
    rmSync(this.#settings, { recursive: true, force: true });
  }

  /** Takes one end of a wire. */
  take(device: string, address: string): void {
    ip('link', 'set', device, 'netns', this.#namespace);
    this.run('ip', 'address', 'add', `${address}/24`, 'dev', device);
  }
}

/** Runs `ip` and gives what it prints. Throws where it fails. */
export function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
