/** `tidegate server`: the process of the IT zone, in the foreground. */

import type { Command } from 'commander';
import { PROGRAMS } from '../repository.ts';
import { runProgram } from './runProgram.ts';

const EXAMPLES = `
Example:
  tidegate server --config examples/plant/server.yaml
`;

export function addServerCommand(program: Command): void {
  program
    .command('server')
    .description('run the server: receives samples, keeps them, serves the console and the REST interface')
    .requiredOption('--config <file>', 'YAML file of the server')
    .addHelpText('after', EXAMPLES)
    .action(async ({ config }: { config: string }) => {
      process.exitCode = await runProgram(PROGRAMS.server, ['--config', config]);
    });
}
