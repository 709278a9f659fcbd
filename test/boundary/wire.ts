/** A wire between two hosts, which can be cut, and whose frames can be captured at either end. */

import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type Host, ip } from './host.ts';

let laid = 0;

/** One end of a wire. */
export interface WireEnd {
  readonly host: Host;
  /** Name of the network device. */
  readonly device: string;
  readonly address: string;
}

export class Wire {
  readonly left: WireEnd;
  readonly right: WireEnd;

  /** The ends get the first and the second address of `network`, such as `10.77.1`. */
  constructor(left: Host, right: Host, network: string) {
    const number = laid++;
    this.left = { host: left, device: `tg${number}l`, address: `${network}.1` };
    this.right = { host: right, device: `tg${number}r`, address: `${network}.2` };
    ip('link', 'add', this.left.device, 'type', 'veth', 'peer', 'name', this.right.device);
    for (const { host, device, address } of [this.left, this.right]) host.take(device, address);
    this.mend();
  }

  cut(): void {
    for (const { host, device } of [this.left, this.right]) host.run('ip', 'link', 'set', device, 'down');
  }

  mend(): void {
    for (const { host, device } of [this.left, this.right]) host.run('ip', 'link', 'set', device, 'up');
  }
}

/** Frames that come in at one end, whatever they are, as a file of tcpdump. */
export class Capture {
  readonly file: string;
  readonly #process: ChildProcess;

  private constructor(file: string, process: ChildProcess) {
    this.file = file;
    this.#process = process;
  }

  static async start({ host, device }: WireEnd, directory: string): Promise<Capture> {
    const file = path.join(directory, `${host.name}-${device}.pcap`);
    const process = host.start('tcpdump', '-i', device, '-Q', 'in', '-U', '--immediate-mode', '-s', '128', '-w', file);
    // It says so when it listens.
    if (process.stderr) await once(process.stderr, 'data');
    return new Capture(file, process);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    await ended;
  }

  /** The captured frames that fit an expression of pcap-filter(7), a line each. */
  frames(expression: string): string[] {
    const { stdout } = spawnSync('tcpdump', ['-nn', '-r', this.file, expression], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line !== '');
  }
}
