/** A wire between two hosts, which can be cut, and whose frames can be captured at either end. */

import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type Host, ip } from './host.ts';

let laid = 0;
/** What every host must be able to take (RFC 791, 3.2): what is larger may get lost on a path that misreports its size. */
const SMALL_PACKET_BYTES = 576;

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

  /** Drops at both ends, and tells nobody: every packet, the large ones, or none any more. */
  drop(what: 'all' | 'large' | 'nothing'): void {
    for (const { host } of [this.left, this.right]) {
      if (host.succeeds('nft', 'list', 'table', 'inet', 'wire')) host.run('nft', 'delete', 'table', 'inet', 'wire');
      if (what === 'nothing') continue;
      const rule = what === 'all' ? 'drop' : `meta length > ${SMALL_PACKET_BYTES} drop`;
      const hook = 'type filter hook prerouting priority raw';
      host.feed(`table inet wire {\nchain in {\n${hook}\niifname "tg*" ${rule}\n}\n}\n`, 'nft', '-f', '-');
    }
  }

  /** Lets only so many bytes a second through, each way; `undefined` as many as come. */
  limit(bytesPerSecond: number | undefined): void {
    for (const { host, device } of [this.left, this.right]) {
      if (bytesPerSecond === undefined) host.run('tc', 'qdisc', 'del', 'dev', device, 'root');
      else {
        const rate = ['rate', `${bytesPerSecond * 8}bit`, 'burst', '3200', 'latency', '50ms'];
        host.run('tc', 'qdisc', 'replace', 'dev', device, 'root', 'tbf', ...rate);
      }
    }
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
