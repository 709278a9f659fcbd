/** The command `tidegate`: what can be asked of it. */

import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAlarmsCommand } from './commands/alarms.ts';
import { addArchiveCommand } from './commands/archive.ts';
import { addCertificatesCommand } from './commands/certificates.ts';
import { addConfigCommand } from './commands/config.ts';
import { addDevicesCommand } from './commands/devices.ts';
import { addDriversCommand } from './commands/drivers.ts';
import { addFramesCommand } from './commands/frames.ts';
import { addGateCommand } from './commands/gate.ts';
import { addGatewayCommand } from './commands/gateway.ts';
import { addHealthCommand } from './commands/health.ts';
import { addLedgerCommand } from './commands/ledger.ts';
import { addLiveCommand } from './commands/live.ts';
import { addModelCommand } from './commands/model.ts';
import { addPerformanceCommands } from './commands/performance.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addProbeCommand } from './commands/probe.ts';
import { addQueryCommand } from './commands/query.ts';
import { addSelftestCommand } from './commands/selftest.ts';
import { addServerCommand } from './commands/server.ts';
import { addSqlCommand } from './commands/sql.ts';
import { addStartCommand } from './commands/start.ts';
import { addTuneCommand } from './commands/tune.ts';
import { addTwinCommand } from './commands/twin.ts';
import { PACKAGE_FILE } from './repository.ts';

const EXAMPLES = `
Examples:
  tidegate start                                   everything on this machine, with the example plant
  tidegate config check gateway.yaml               all mistakes of a configuration at once
  tidegate policy explain acme/pump-1/flow policy.yaml  what may cross the boundary, and why
  tidegate probe modbus 192.0.2.10 --unit 1        what a device has, before it is configured
  tidegate probe profibus --serial /dev/ttyUSB0     the bit rate of a bus, and what is on it
  tidegate gateway --config gateway.yaml           the process of the OT zone
  tidegate gate --config gate.yaml                 the relay between the zones, where there is one
  tidegate server --config server.yaml             the process of the IT zone
  tidegate live                                    what the gateway reads now, without a server
  tidegate alarms                                  what its operator has to know, and answers
  tidegate devices                                 how the devices are doing
  tidegate query PI-7 --start '*-1h' --format csv  values of a tag
  tidegate sql "FROM latest('*')"                  rows of an SQL statement
  tidegate tune PI-7                               how much of it need not be stored
  tidegate model plan model/                       what another model of the plant would change
  tidegate twin diagnose acme/north/train-1        an instrument that drifts, a machine that changes, or nothing
  tidegate health                                  what degrades, how long it lasts, what to do about it
  tidegate frames --kind trip --start '*-30d'      what happened to assets, from when until when
  tidegate oee acme/north/line-1/press             what a machine achieves, and where the time goes
  tidegate ledger show                             what gateways signed, and what of it is here
  tidegate archive backup --to /mnt/backup         the history as it is now, while everything runs
  tidegate selftest --gateway-config gateway.yaml  that nothing is written and nothing else crosses, as a signed report

\`tidegate help COMMAND\` tells more of each.
`;

/** Errors of usage, help and version come as exceptions of commander. */
export function createProgram(): Command {
  const { version }: { version: string } = JSON.parse(readFileSync(PACKAGE_FILE, 'utf8'));
  const program = new Command('tidegate')
    .description('The pathway from plant to enterprise: field protocols in, a one-way boundary, a data platform out.')
    .version(version)
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
    // What stands behind the name of a command is for that command.
    .enablePositionalOptions()
    .showHelpAfterError('Add --help for what there is.')
    .exitOverride();
  addStartCommand(program);
  addGatewayCommand(program);
  addGateCommand(program);
  addServerCommand(program);
  addConfigCommand(program);
  addDriversCommand(program);
  addProbeCommand(program);
  addLiveCommand(program);
  addAlarmsCommand(program);
  addDevicesCommand(program);
  addQueryCommand(program);
  addSqlCommand(program);
  addTuneCommand(program);
  addModelCommand(program);
  addTwinCommand(program);
  addHealthCommand(program);
  addFramesCommand(program);
  addPerformanceCommands(program);
  addArchiveCommand(program);
  addLedgerCommand(program);
  addPolicyCommand(program);
  addSelftestCommand(program);
  addCertificatesCommand(program);
  return program;
}
