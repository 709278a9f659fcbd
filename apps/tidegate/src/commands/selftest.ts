/** `tidegate selftest`: proves the controls of a live installation, and checks the reports of others. */

import { readFile, writeFile } from 'node:fs/promises';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Check } from '@tidegate/process/selftest/check.ts';
import type { Command } from 'commander';
import { readCredentials } from '../certificates/certificateFiles.ts';
import { reportFault } from '../reportFault.ts';
import { reportText } from '../selftest/reportText.ts';
import { runSelftest } from '../selftest/runSelftest.ts';
import { type SelftestReport, signReport, verifyReport } from '../selftest/signedReport.ts';

interface SelftestArguments {
  readonly gatewayConfig?: string;
  readonly serverConfig?: string;
  readonly authority?: string;
  readonly report?: string;
  readonly json?: true;
}

const HELP = `
It touches no field device: frames that write are given to the guards over a connection that leads nowhere, and the server
gets a handful of connections that it must refuse. Run it as the user of the gateway or server, or as root. docs/selftest.md
tells what each check does, and by which clause of IEC 62443-3-3.

Examples:
  tidegate selftest --gateway-config gateway.yaml --report ot.json          on the OT side
  tidegate selftest --server-config server.yaml --report it.json            on the IT side
  tidegate selftest verify ot.json --authority ca.pem                       anywhere, without the installation

The exit status is 0 where everything is proved, 1 where something failed, and 2 where something could not be checked.
`;

export function addSelftestCommand(program: Command): void {
  const selftest = program
    .command('selftest')
    .description('prove the controls of a live installation without touching a device, and write a signed report')
    .option('--gateway-config <file>', 'the configuration of the gateway on this machine')
    .option('--server-config <file>', 'the configuration of the server on this machine')
    .option('--authority <dir>', 'the authority of the site, without a passphrase, to make an expired certificate of')
    .option('--report <file>', 'write the signed report here')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (given: SelftestArguments, command: Command) => {
      if (given.gatewayConfig === undefined && given.serverConfig === undefined) {
        command.error('error: name --gateway-config, --server-config or both');
      }
      process.exitCode = await run(given);
    });
  selftest
    .command('verify')
    .description('check that a report is as it was signed, and by whom')
    .argument('<report>', 'file that --report has written')
    .requiredOption('--authority <file>', 'ca.pem of the site')
    .option('--json', 'print JSON')
    .action(async (file: string, _own: unknown, command: Command) => {
      const { authority, json } = command.optsWithGlobals<{ authority: string; json?: true }>();
      process.exitCode = await verify(file, authority, json === true);
    });
}

async function run({ gatewayConfig, serverConfig, authority, report: file, json }: SelftestArguments): Promise<number> {
  const ofSite = authority === undefined ? undefined : await readCredentials(authority);
  if (authority !== undefined && !ofSite) {
    process.stderr.write(`tidegate: ${authority} holds no authority\n  ${FAULTS['certificate.authority'].remedy}\n`);
    return EXIT.refused;
  }
  const outcome = await runSelftest({
    ...(gatewayConfig !== undefined && { gatewayConfig }),
    ...(serverConfig !== undefined && { serverConfig }),
    ...(ofSite && { authority: ofSite }),
  });
  if (!outcome) return EXIT.refused;
  const { report, signer } = outcome;
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report));
  if (file !== undefined) {
    const signed = signer && signReport(report, signer);
    if (!signed?.ok) {
      process.stderr.write('tidegate: the report is not written: there is no key here that it could be signed with\n');
      return EXIT.refused;
    }
    await writeFile(file, `${JSON.stringify(signed.value, undefined, 2)}\n`);
  }
  return statusOf(report.checks);
}

async function verify(file: string, authority: string, json: boolean): Promise<number> {
  const texts = await Promise.all([file, authority].map((path) => readFile(path, 'utf8').catch(() => path)));
  const verified = verifyReport(texts[0], texts[1]);
  if (!verified.ok) {
    reportFault(verified.fault);
    return EXIT.failed;
  }
  const { report, signer } = verified.value;
  process.stdout.write(json ? `${JSON.stringify(verified.value, undefined, 2)}\n` : signedText(report, signer));
  return EXIT.ok;
}

function signedText(report: SelftestReport, signer: string): string {
  return `${reportText(report)}signed by ${JSON.stringify(signer)}, and as it was signed\n`;
}

function statusOf(checks: readonly Check[]): number {
  const has = (wanted: Check['verdict']) => checks.some(({ verdict }) => verdict === wanted);
  if (has('failed')) return EXIT.failed;
  return has('unchecked') ? EXIT.refused : EXIT.ok;
}
