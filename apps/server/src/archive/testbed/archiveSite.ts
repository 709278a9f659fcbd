/** A directory in which archives lie: servers are started in it as processes, commands are run here or as processes. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { archive } from '../archive.ts';

const APPS = join(import.meta.dirname, '../../../..');

export interface CommandEnd {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

export class ArchiveSite {
  readonly directory: string;
  readonly #children = new Set<ChildProcess>();
  #servers = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async make(): Promise<ArchiveSite> {
    return new ArchiveSite(await mkdtemp(join(tmpdir(), 'tidegate-archive-')));
  }

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** An archive without a sample that nobody has open. */
  async makeArchive(name: string): Promise<string> {
    const directory = this.path(name);
    const opened = await Historian.open({ directory, clock: systemClock, events: () => {} });
    if (!opened.ok) throw new Error(opened.fault.detail);
    await opened.value.close();
    return directory;
  }

  /** Starts a server on the data directory; resolves when it is ready. */
  async serve(data: string): Promise<ChildProcess> {
    const certificates = this.path('certificates');
    await this.begin('certificates', '--directory', certificates, '--gateway', 'north').ended;
    const file = this.path(`server-${this.#servers++}.yaml`);
    const boundary = { port: 0, certificates: join(certificates, 'server') };
    await writeFile(file, JSON.stringify({ dataDirectory: data, boundary, console: { port: 0 } }));
    const child = this.#fork('server', ['--config', file]);
    child.stdout?.resume();
    await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error('it ended')))]);
    return child;
  }

  async stop(server: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  /** Runs `archive ...` in this process. */
  async run(...args: string[]): Promise<CommandEnd> {
    const [out, error] = [new PassThrough(), new PassThrough()];
    const written = Promise.all([text(out), text(error)]);
    const status = await archive(args, { out, error });
    out.end();
    error.end();
    const [outText, errorText] = await written;
    return { status, out: outText, error: errorText };
  }

  /** `archive WORD --data DATA ... --json`; gives what it answers. */
  async ask<T>(word: string, data: string, ...args: string[]): Promise<T> {
    const { status, out, error } = await this.run(word, '--data', data, '--json', ...args);
    if (status !== 0) throw new Error(`archive ${word} ended with ${status}: ${error}`);
    return JSON.parse(out) as T;
  }

  /** Runs `tidegate ...` as a process. */
  begin(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<CommandEnd> } {
    const child = this.#fork('tidegate', args);
    const ended = Promise.all([once(child, 'exit'), text(child.stdout!), text(child.stderr!)]).then(
      ([[status], out, error]): CommandEnd => ({ status, out, error }),
    );
    return { child, ended };
  }

  async remove(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }

  #fork(app: string, args: readonly string[]): ChildProcess {
    const child = fork(join(APPS, app, 'src/main.ts'), args, { silent: true });
    this.#children.add(child);
    return child;
  }
}
