/** `tidegate probe`: what a device has and what is on a bus, for whoever puts it into operation. */

import type { Command } from 'commander';
import { PROGRAMS } from '../repository.ts';
import { type GivenOptions, programArguments } from './programArguments.ts';
import { runProgram } from './runProgram.ts';

const MODBUS_EXAMPLES = `
Addresses are counted from 0. It asks one request at a time, reads alone, and tells on standard error what it will do.

Examples:
  tidegate probe modbus 192.0.2.10 --unit 1
  tidegate probe modbus 192.0.2.10:1502 --unit 1 --table holding,input --range 0-199 --json
  tidegate probe modbus 192.0.2.20:4001 --rtu --unit 3                  a serial server
  tidegate probe modbus --serial /dev/ttyUSB0 --baud 19200 --format 8E1 --unit 7
  tidegate probe modbus 192.0.2.10 --unit 1 --csv > tags.csv            a tag list, to be named and sorted out
`;

const PROFIBUS_EXAMPLES = `
It listens alone, and has nothing that could send. Without --baud a serial port tries the rates of PROFIBUS one after the other.

Examples:
  tidegate probe profibus --serial /dev/ttyUSB0
  tidegate probe profibus --serial /dev/ttyUSB0 --baud 187500 --seconds 30 --json
  tidegate probe profibus --host 192.0.2.20:4001                        a serial server, which is set to the rate itself
  tidegate probe profibus --recording bus.bin --baud 187500 --yaml      devices and tags, to be named and sorted out
`;

export function addProbeCommand(program: Command): void {
  const probe = program.command('probe').description('look what is there, before it is configured');
  addProbeModbusCommand(probe);
  addProbeProfibusCommand(probe);
}

function addProbeModbusCommand(probe: Command): void {
  probe
    .command('modbus')
    .description('scan a range of addresses politely; suggest the type and word order of what answers')
    .argument('[place]', 'HOST[:PORT] of the device, or of a serial server')
    .option('--serial <path>', 'a serial port in place of a host')
    .option('--baud <rate>', 'of the serial port, such as 19200')
    .option('--format <format>', 'of its characters, such as 8E1 (default: 8N1)')
    .option('--rtu', 'RTU frames, as behind a serial server')
    .option('--ascii', 'ASCII frames')
    .requiredOption('--unit <unit>', 'address of the unit')
    .option('--table <tables>', 'holding, input, coil, discrete, or several with commas', 'holding')
    .option('--range <range>', 'addresses, counted from 0', '0-999')
    .option('--samples <count>', 'how often what is found is read', '5')
    .option('--interval <time>', 'time between two samples', '1s')
    .option('--max-rate <rate>', 'most requests in a second', '10')
    .option('--timeout <time>', 'how long an answer may take', '1s')
    .option('--prefix <path>', 'beginning of the paths of the tags (default: probed/unit-UNIT)')
    .option('--json', 'print JSON')
    .option('--csv', 'print a tag list')
    .option('--yaml', 'print the tags of a device in YAML')
    .addHelpText('after', MODBUS_EXAMPLES)
    .action(async (place: string | undefined, given: GivenOptions) => {
      const places = place === undefined ? [] : [place];
      process.exitCode = await runProgram(PROGRAMS.gateway, ['probe', 'modbus', ...places, ...programArguments(given)]);
    });
}

function addProbeProfibusCommand(probe: Command): void {
  probe
    .command('profibus')
    .description('find the bit rate of a PROFIBUS DP line and tell what is on it, by listening alone')
    .option('--serial <path>', 'a serial port with an RS-485 receiver')
    .option('--baud <rate>', 'of the bus, such as 187500 (default: found by listening)')
    .option('--format <format>', 'of its characters (default: 8E1)')
    .option('--host <place>', 'HOST:PORT of a serial server, in place of a port')
    .option('--recording <file>', 'bytes as they were on the line, in place of a port; needs --baud')
    .option('--seconds <count>', 'how long to listen', '3')
    .option('--prefix <path>', 'beginning of the paths of the tags', 'probed')
    .option('--json', 'print JSON')
    .option('--yaml', 'print the line, devices and tags in YAML')
    .addHelpText('after', PROFIBUS_EXAMPLES)
    .action(async (given: GivenOptions) => {
      process.exitCode = await runProgram(PROGRAMS.gateway, ['probe', 'profibus', ...programArguments(given)]);
    });
}
