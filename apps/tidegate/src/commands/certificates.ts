/** `tidegate certificates`: what gateways, relays and servers prove to each other who they are with. */

import { resolve } from 'node:path';
import { success } from '@tidegate/core/fault/fault.ts';
import type { Command } from 'commander';
import { ensureDevelopmentCertificates } from '../certificates/ensureDevelopmentCertificates.ts';
import { addAuthorityCommands } from './certificates/authorityCommands.ts';
import { addHolderCommands } from './certificates/holderCommands.ts';
import { reportResult } from './certificates/reportResult.ts';

const EXAMPLES = `
Without a command it makes development certificates at once, for trials on one machine; what exists stays.

Examples:
  tidegate certificates --gateway north-1                                development certificates
  tidegate certificates authority --passphrase                           at the authority, once
  tidegate certificates request --gateway north-1 --directory identity   at the gateway; its key never leaves it
  tidegate certificates sign request.pem                                 at the authority
  tidegate certificates install north-1 --directory identity             at the gateway
  tidegate certificates invite --gateway north-1                         the same with a code, over the network
  tidegate certificates revoke north-1                                   at the authority

docs/certificates.md tells the whole of it.
`;

export function addCertificatesCommand(program: Command): void {
  const certificates = program
    .command('certificates')
    .description('keys and certificates: made, signed, renewed, revoked, shown')
    // Otherwise the options of this command would be taken from those behind the name of another.
    .enablePositionalOptions()
    .option('--directory <directory>', 'where development certificates are kept', '.tidegate/certificates')
    .option('--gateway <name...>', 'names of the gateways')
    .addHelpText('after', EXAMPLES)
    .action((given: DevelopmentOptions) => reportResult(given.directory, () => makeDevelopmentCertificates(given)));
  addAuthorityCommands(certificates);
  addHolderCommands(certificates);
}

interface DevelopmentOptions {
  readonly directory: string;
  readonly gateway?: readonly string[];
}

async function makeDevelopmentCertificates({ directory, gateway = [] }: DevelopmentOptions) {
  const made = await ensureDevelopmentCertificates(directory, { gateways: gateway });
  if (!made.ok) return made;
  const folders = ['server', ...gateway.map((name) => `gateway/${name}`)];
  return success(`Certificates are in ${resolve(directory)}: ${folders.join(', ')}.\n`);
}
