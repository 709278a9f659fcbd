/** `tidegate drivers`: which protocols there are, and what the driver of each may send to a device. */

import type { Command } from 'commander';
import { PROGRAMS } from '../repository.ts';
import { runProgram } from './runProgram.ts';

interface DriversArguments {
  readonly config?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  tidegate drivers                         all drivers, with every service that each may ask of a device
  tidegate drivers dnp3                    the keys of its devices and an example, too
  tidegate drivers --config gateway.yaml   with the drivers of the npm packages that the file names
`;

export function addDriversCommand(program: Command): void {
  program
    .command('drivers')
    .description('list the drivers and what each may send to a device')
    .argument('[protocol]', 'the name of one in configuration, such as modbus-tcp')
    .option('--config <file>', 'a gateway configuration, which may name drivers of others')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (protocol: string | undefined, { config, json }: DriversArguments) => {
      const args = ['drivers', ...(protocol === undefined ? [] : [protocol])];
      if (config !== undefined) args.push('--config', config);
      if (json) args.push('--json');
      process.exitCode = await runProgram(PROGRAMS.gateway, args);
    });
}
