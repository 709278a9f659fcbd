/** `tidegate certificates`: what gateway and server prove to each other who they are with, made where it is missing. */

import { resolve } from 'node:path';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { ensureDevelopmentCertificates } from '../certificates/ensureDevelopmentCertificates.ts';
import { reportFault } from '../reportFault.ts';

const EXAMPLES = `
Example:
  tidegate certificates --directory .tidegate/certificates --gateway north-1 --gateway north-2
`;

export function addCertificatesCommand(program: Command): void {
  program
    .command('certificates')
    .description('make development certificates for gateway and server; what exists stays')
    .option('--directory <directory>', 'where they are kept', '.tidegate/certificates')
    .option('--gateway <name...>', 'names of the gateways')
    .addHelpText('after', EXAMPLES)
    .action(async ({ directory, gateway }: { directory: string; gateway?: string[] }) => {
      const made = await ensureDevelopmentCertificates(directory, gateway ? { gateways: gateway } : {});
      if (!made.ok) {
        reportFault(made.fault);
        process.exitCode = EXIT.refused;
        return;
      }
      const folders = ['server', ...(gateway ?? []).map((name) => `gateway/${name}`)];
      process.stdout.write(`Certificates are in ${resolve(directory)}: ${folders.join(', ')}.\n`);
    });
}
