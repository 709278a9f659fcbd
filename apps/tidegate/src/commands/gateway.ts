/** `tidegate gateway`: the process of the OT zone, in the foreground. */

import type { Command } from 'commander';
import { PROGRAMS } from '../repository.ts';
import { runProgram } from './runProgram.ts';

const EXAMPLES = `
Example:
  tidegate gateway --config examples/plant/gateway.yaml
`;

export function addGatewayCommand(program: Command): void {
  program
    .command('gateway')
    .description('run the gateway: reads devices, keeps samples on disk, sends them to the server')
    .requiredOption('--config <file>', 'YAML file of the gateway')
    .addHelpText('after', EXAMPLES)
    .action(async ({ config }: { config: string }) => {
      process.exitCode = await runProgram(PROGRAMS.gateway, ['--config', config]);
    });
}
