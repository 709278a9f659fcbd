import { copyFile, glob, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatReport } from '@tidegate/config/formatReport.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGatewayConfig } from './loadGatewayConfig.ts';
import { GATEWAY_HEAD } from './testbed/gatewayHead.ts';

const REPOSITORY = join(import.meta.dirname, '../../../..');
const DRIVERS_DIRECTORY = join(import.meta.dirname, '../acquisition/drivers');

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-examples-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('in the repository', () => {
  it('every gateway configuration of the examples is right', async () => {
    const files = await Array.fromAsync(glob('examples/**/*gateway*.yaml', { cwd: REPOSITORY }));
    expect(files).not.toEqual([]);
    for (const file of files) {
      const result = await loadGatewayConfig(join(REPOSITORY, file));
      expect(result.ok ? '' : formatReport(result.defects)).toBe('');
    }
  });

  it('the example of every driver is right, in a configuration around it', async () => {
    for (const protocol of await readdir(DRIVERS_DIRECTORY, { withFileTypes: true })) {
      if (!protocol.isDirectory()) continue;
      const example = await readFile(join(DRIVERS_DIRECTORY, protocol.name, 'example.yaml'), 'utf8');
      const file = join(directory, `${protocol.name}.yaml`);
      await writeFile(file, `${GATEWAY_HEAD}\n${example}`);
      for (const [, gsd] of example.matchAll(/ gsd: (\S+)/g)) {
        await mkdir(dirname(join(directory, gsd)), { recursive: true });
        await copyFile(join(DRIVERS_DIRECTORY, 'profibus/testbed/compressor.gsd'), join(directory, gsd));
      }
      const result = await loadGatewayConfig(file);
      expect(result.ok ? '' : formatReport(result.defects)).toBe('');
    }
  });
});
