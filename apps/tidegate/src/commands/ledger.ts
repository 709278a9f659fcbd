/** `tidegate ledger`: what gateways have signed, what became of it, and proofs of it. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { formatLedger } from '../ledger/ledgerText.ts';
import { reportFault } from '../reportFault.ts';
import { PROGRAMS } from '../repository.ts';
import type { LedgerMinutes } from '../serverApi/answers.ts';
import { ServerApi } from '../serverApi/serverApi.ts';
import { type GivenOptions, programArguments } from './programArguments.ts';
import { runProgram } from './runProgram.ts';

interface ShowArguments {
  readonly server: string;
  readonly gateway?: string;
  readonly lane?: string;
  readonly start: string;
  readonly end: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  tidegate ledger show --start '*-1d' --lane operational
  tidegate ledger export acme/north/pump-1/flow --start 2026-01-31 --end 2026-02-01 --to pump-1.proof
  tidegate ledger verify pump-1.proof --authority ca.pem
`;

const SHOW_HELP = `
Each minute of each lane: what the gateway read, left out, sealed and signed, and what of it is here. The verdict is proved,
holes (blocks are missing, and the reason is known), waiting (something may still come) or broken (something does not fit).

The exit status is 0 if nothing is broken, 1 if something is or the server does not answer.
`;

const EXPORT_HELP = `
The proof holds the certificate and checkpoints of the gateway, the blocks with samples of the tag, edits, and what the archive
answers. Where a server runs on the data directory, the server is asked. It can prove what its evidence still holds
(historian.evidence in server.yaml).
`;

const VERIFY_HELP = `
It needs the file and nothing else, and an authority that you trust: a PEM file from the hand of whoever runs the plant.
It ends with 0 where everything fits, with 1 where something does not, and with 2 where it could not look.
`;

export function addLedgerCommand(program: Command): void {
  const ledger = program
    .command('ledger')
    .description('what gateways signed, minute by minute; proofs of it for others')
    .addHelpText('after', EXAMPLES);
  ledger
    .command('show')
    .description('the minutes of the ledger, with holes and verdicts')
    .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420')
    .option('--gateway <name>', 'of this gateway only')
    .option('--lane <lane>', 'operational, analytical or audit')
    .option('--start <time>', 'first moment', '*-1h')
    .option('--end <time>', 'end of the range, itself not included', '*')
    .option('--json', 'print what the server answers')
    .addHelpText('after', SHOW_HELP)
    .action(async (given: ShowArguments) => {
      process.exitCode = report(await listMinutes(given), given);
    });
  addServerCommand(ledger, 'export', 'write the proof of a tag and a period')
    .argument('<tag>', 'path, id or alias')
    .requiredOption('--to <file>', 'the file that is to be written')
    .option('--data <directory>', 'the data directory', '.tidegate')
    .option('--start <time>', 'first moment of the period (default: an hour ago)')
    .option('--end <time>', 'end of the period, itself not included (default: now)')
    .addHelpText('after', EXPORT_HELP);
  addServerCommand(ledger, 'verify', 'check a proof, without a server')
    .argument('<file>', 'the proof')
    .option('--authority <file>', 'PEM file of the authority that gateways have their certificates from')
    .addHelpText('after', VERIFY_HELP);
}

function listMinutes({ server, gateway, lane, start, end }: ShowArguments): Promise<Result<LedgerMinutes>> {
  return new ServerApi(server).get<LedgerMinutes>('/ledger/minutes', { gateway, lane, start, end });
}

function report(list: Result<LedgerMinutes>, { json }: ShowArguments): number {
  if (!list.ok) {
    reportFault(list.fault);
    return EXIT.failed;
  }
  process.stdout.write(json ? `${JSON.stringify(list.value, undefined, 2)}\n` : formatLedger(list.value));
  return list.value.minutes.some(({ verdict }) => verdict === 'broken') ? EXIT.failed : EXIT.ok;
}

function addServerCommand(ledger: Command, name: string, description: string): Command {
  const command = ledger.command(name).description(description);
  return command.option('--json', 'print JSON').action(async () => {
    const args = [...programArguments(command.opts<GivenOptions>()), '--', ...command.args];
    process.exitCode = await runProgram(PROGRAMS.server, ['ledger', name, ...args]);
  });
}
