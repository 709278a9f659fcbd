import { expect, it } from 'vitest';
import { readLaunchOptions, type StartArguments } from './launchOptions.ts';

const DEFAULTS: StartArguments = {
  data: '.tidegate',
  port: '8420',
  boundaryPort: '7420',
  plantPorts: '15020',
  plant: true,
};

it.each([
  [{}, { consolePort: 8420, boundaryPort: 7420, plantPorts: [15020, 15021, 15022], stationPorts: [15023, 15024] }],
  [{ plantPorts: '7, 9,11' }, { plantPorts: [7, 9, 11], stationPorts: [], paceArguments: [] }],
  [{ plantPorts: '7,9,11,13,15' }, { plantPorts: [7, 9, 11], stationPorts: [13, 15] }],
  [{ plant: false }, { plantPorts: [], stationPorts: [] }],
  [{ config: 'gateway.yaml' }, { plantPorts: [], gatewayConfig: 'gateway.yaml' }],
  [{ pastDays: '240' }, { pastDays: 240 }],
  [{ speed: '180' }, { paceArguments: ['--speed', '180'] }],
  [
    { for: '1.5min', json: true },
    { forMs: 90_000, json: true },
  ],
])('%j gives %j', (given, expected) => {
  expect(readLaunchOptions({ ...DEFAULTS, ...given })).toMatchObject({ ok: true, value: expected });
});

it.each([
  [{ port: '0' }, ['--port takes a port from 1 to 65535, not "0"']],
  [{ port: '8420x' }, ['--port']],
  [{ pastDays: 'long' }, ['--past-days takes a number of days up to 1500, not "long"']],
  [{ pastDays: '9', plant: false }, ['--past-days is the past of the example station, which is not started']],
  [{ plantPorts: '1,2' }, ['--plant-ports takes the first port, all 5, or 3 without the station']],
  [{ for: '60' }, ['--for takes a time such as 60s']],
  [{ json: true }, ['--json needs --for']],
  [{ speed: '0' }, ['--speed takes a number above 0']],
  [{ speed: '1', rowsPerSecond: '1' }, ['exclude each other']],
  [{ port: 'a', boundaryPort: '99999', for: 'x' }, ['--port', '--boundary-port', '--for']],
])('%j is refused with everything that is wrong', (given, parts) => {
  const result = readLaunchOptions({ ...DEFAULTS, ...given });
  expect(result.ok ? 'accepted' : result.fault.code).toBe('launch.option');
  for (const part of parts) expect(!result.ok && result.fault.detail).toContain(part);
});
