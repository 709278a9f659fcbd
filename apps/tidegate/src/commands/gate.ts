/** `tidegate gate`: the relay between the zones, in the foreground. */

import type { Command } from 'commander';
import { PROGRAMS } from '../repository.ts';
import { runProgram } from './runProgram.ts';

const EXAMPLES = `
Example:
  tidegate gate --config examples/relay/gate.yaml
`;

export function addGateCommand(program: Command): void {
  program
    .command('gate')
    .description('run a relay in the DMZ: receives blocks from gateways, keeps them, delivers them to the server')
    .requiredOption('--config <file>', 'YAML file of the relay')
    .addHelpText('after', EXAMPLES)
    .action(async ({ config }: { config: string }) => {
      process.exitCode = await runProgram(PROGRAMS.gate, ['--config', config]);
    });
}
