/** Certificates as files, as both our media and the peers want them. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TlsFiles } from '@tidegate/edge/acquisition/transport/medium.ts';
import type { TestIdentity } from '@tidegate/oneway/testbed/certificates.ts';

const PARTS = ['ca', 'cert', 'key'] as const;

export class CertificateFolder {
  readonly #directory: string;
  #count = 0;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async create(): Promise<CertificateFolder> {
    return new CertificateFolder(await mkdtemp(path.join(tmpdir(), 'tidegate-interop-')));
  }

  async write(identity: TestIdentity): Promise<TlsFiles> {
    const prefix = path.join(this.#directory, String(this.#count++));
    for (const part of PARTS) await writeFile(`${prefix}-${part}.pem`, identity[part]);
    const [ca, cert, key] = PARTS.map((part) => `${prefix}-${part}.pem`);
    return { ca, cert, key, serverName: undefined };
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true });
  }
}
