/** `tidegate policy`: what may cross the boundary, why, and the firewall rules and units that fit it. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import type { ConduitPolicy } from '@tidegate/policy/conduitPolicy.ts';
import { hostFirewall, zoneFirewall } from '@tidegate/policy/generate/firewall.ts';
import { hostUnit } from '@tidegate/policy/generate/units.ts';
import { loadPolicy } from '@tidegate/policy/loadPolicy.ts';
import { hostsOf } from '@tidegate/policy/policyHosts.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { explanationText } from '../policy/explanationText.ts';
import { policyText } from '../policy/policyText.ts';
import { PROGRAMS } from '../repository.ts';
import { runProgram } from './runProgram.ts';

const EXAMPLES = `
docs/policy.md tells what a policy says. Examples:
  tidegate policy check policy.yaml                               all mistakes at once, with line and hint
  tidegate policy check policy.yaml --gateway-config gateway.yaml which of its tags cross, and by which flow
  tidegate policy explain acme/north/pump-1/flow policy.yaml      why it crosses, or what to write so that it does
  tidegate policy firewall policy.yaml --host north-1 | sudo nft -f -
  tidegate policy units policy.yaml --host north-1 --serial /dev/ttyUSB0
`;

const STATUS_HELP = `
The exit status is 0 where it crosses (of \`check\`: every tag), 1 where it does not, and 2 where the policy is wrong.
`;

export function addPolicyCommand(program: Command): void {
  const policy = program
    .command('policy')
    .description('what may cross the boundary: check and explain it, and make firewall rules and units that fit it')
    .addHelpText('after', EXAMPLES);
  policy
    .command('check')
    .description('all mistakes of a policy at once, with line and hint; or what it lets cross')
    .argument('<policy>', 'YAML file')
    .option('--gateway-config <file>', 'the configuration of a gateway, whose tags are put to the policy')
    .addHelpText('after', STATUS_HELP)
    .action(async (file: string, { gatewayConfig }: { gatewayConfig?: string }) => {
      await withPolicy(file, async (read) => {
        process.stdout.write(policyText(read));
        if (gatewayConfig === undefined) return EXIT.ok;
        return await runProgram(PROGRAMS.gateway, ['crossings', '--config', gatewayConfig, '--policy', file]);
      });
    });
  policy
    .command('explain')
    .description('which conduit and flow lets a tag cross; or why none does, and the flow that would')
    .argument('<tag>', 'path of a tag')
    .argument('<policy>', 'YAML file')
    .option('--gateway <name>', 'the gateway that has the tag (default: each gateway of the policy)')
    .addHelpText('after', STATUS_HELP)
    .action(async (tag: string, file: string, { gateway }: { gateway?: string }) => {
      await withPolicy(file, (read) => {
        const gateways = gateway === undefined ? read.gateways : [gateway];
        const explained = gateways.map((name) => explanationText(read, name, tag));
        process.stdout.write(explained.map(({ text }) => text).join('\n'));
        return explained.some(({ crosses }) => crosses) ? EXIT.ok : EXIT.failed;
      });
    });
  policy
    .command('firewall')
    .description('rules of nftables for a host, or for the router in front of a zone')
    .argument('<policy>', 'YAML file')
    .option('--host <name>', 'a gateway, relay or server of the policy')
    .option('--zone <name>', 'a zone of the policy')
    .action(async (file: string, { host, zone }: { host?: string; zone?: string }, command: Command) => {
      if ((host === undefined) === (zone === undefined)) command.error('error: name one of --host and --zone');
      await withPolicy(file, (read) =>
        host === undefined
          ? print(zoneFirewall(read, zone!), zone!, 'zone', read)
          : print(hostFirewall(read, host), host, 'host', read),
      );
    });
  policy
    .command('units')
    .description('a hardened systemd unit for a gateway, relay or server')
    .argument('<policy>', 'YAML file')
    .requiredOption('--host <name>', 'a gateway, relay or server of the policy')
    .option('--program <path>', 'where the command tidegate is', '/usr/local/bin/tidegate')
    .option('--serial <port...>', 'serial ports that the gateway reads', [])
    .action(async (file: string, given: { host: string; program: string; serial: readonly string[] }) => {
      const { host, program: path, serial } = given;
      await withPolicy(file, (read) =>
        print(hostUnit(read, host, { program: path, serialPorts: serial }), host, 'host', read),
      );
    });
}

/** Sets the status to end with: that of `act`, or that of a policy that is wrong. */
async function withPolicy(file: string, act: (policy: ConduitPolicy) => number | Promise<number>): Promise<void> {
  const loaded = await loadPolicy(file);
  if (!loaded.ok) process.stdout.write(formatReport(loaded.defects, process.stdout));
  process.exitCode = loaded.ok ? await act(loaded.value) : EXIT.refused;
}

function print(text: string | undefined, name: string, noun: 'host' | 'zone', { document }: ConduitPolicy): number {
  if (text !== undefined) {
    process.stdout.write(text);
    return EXIT.ok;
  }
  const known = noun === 'zone' ? document.zones : hostsOf(document);
  const names = known.map((one) => one.name).join(', ');
  process.stderr.write(`tidegate: the policy has no ${noun} ${name}\n  There are: ${names}.\n`);
  return EXIT.refused;
}
