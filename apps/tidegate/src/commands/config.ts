/** `tidegate config check`: everything that is wrong with a configuration, before anything is started with it. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Command } from 'commander';
import { PROGRAMS } from '../repository.ts';
import { runProgram } from './runProgram.ts';

const EXAMPLES = `
Example:
  tidegate config check examples/plant/gateway.yaml
`;

export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description('look after configuration files')
    .command('check')
    .description('check a configuration of a gateway, a relay or a server: all mistakes at once, with line and hint')
    .argument('<file>', 'YAML file')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string) => {
      process.exitCode = await runProgram(await programOf(file), ['check', '--config', file]);
    });
}

/** Only a relay is called one, and only a gateway has devices. A file that cannot be read is left to the gateway, which says why. */
async function programOf(file: string): Promise<string> {
  const { data } = await ConfigDocument.read(file);
  const keys = typeof data === 'object' && data !== null ? Object.keys(data) : ['gateway'];
  if (keys.includes('relay') || keys.includes('deliver')) return PROGRAMS.gate;
  return keys.includes('gateway') || keys.includes('devices') ? PROGRAMS.gateway : PROGRAMS.server;
}
