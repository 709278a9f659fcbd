import { expect, it, vi } from 'vitest';
import { GatewayRig } from '../testbed/gatewayRig.ts';
import { freePorts } from '../testbed/plantProcess.ts';
import { RecordingSink } from '../testbed/recordingSink.ts';
import { GATEWAY } from '../testbed/site.ts';

const WAIT = { timeout: 15_000, interval: 50 };
/** Of a flow that is always above its limit. */
const ALARMS = `alarms:
  - { name: flow/high, tag: site/a-flow, condition: high, limit: -1000, priority: high, exception: of a test }
  - { name: nowhere/bad, tag: site/nowhere, condition: bad-quality, priority: low, exception: of a test }
scanClasses:`;

const rig = new GatewayRig();

it('are answered on the machine of the gateway with the boundary cut, over a crash, and cross when it is back', async () => {
  const [serverPort] = await freePorts(1);
  const file = await rig.configure(serverPort, [['scanClasses:', ALARMS]]);
  const first = rig.start(file);
  const bothUnknown = { 'flow/high': 'unacknowledged', 'nowhere/bad': 'unacknowledged' };
  await vi.waitFor(async () => expect(await rig.alarmStates()).toEqual(bothUnknown), WAIT);
  expect(await rig.tellAlarms()).toMatch(/high +unacknowledged +flow\/high +.*site\/a-flow above -1000/);

  expect(await rig.tellAlarms('ack', 'flow/high', '--by', 'anna', '--comment', 'seen')).toMatch(
    /flow\/high is acknowledged/,
  );
  expect(await rig.tellAlarms('shelve', 'nowhere/bad', '--for', '30min', '--reason', 'works', '--by', 'ben')).toMatch(
    /shelved/,
  );
  expect(await rig.tellAlarms('ack', 'flow/hihg', '--by', 'anna')).toMatch(/no alarm "flow\/hihg"/);
  expect(await rig.tellAlarms('reset', 'flow/high', '--by', 'anna')).toMatch(
    /cannot be reset while its condition holds/,
  );
  first.kill('SIGKILL');
  await first.ended;

  const sink = new RecordingSink();
  const receiver = await rig.certificates.receive(sink, serverPort);
  const second = rig.start(file);
  const answered = { 'flow/high': 'acknowledged', 'nowhere/bad': 'shelved' };
  await vi.waitFor(async () => expect(await rig.alarmStates()).toEqual(answered), WAIT);
  const samplesOf = (path: string) => sink.statusesOf(sink.tags.find((tag) => tag.path === path));
  // What happened, and the mark that nothing was read for a while.
  await vi.waitFor(() => {
    expect(samplesOf(`${GATEWAY}/_alarms/flow.high`).filter((status) => status === 0)).toHaveLength(2);
    expect(samplesOf(`${GATEWAY}/_alarms/nowhere.bad`).filter((status) => status === 0)).toHaveLength(2);
  }, WAIT);
  second.kill('SIGTERM');
  expect(await second.ended).toEqual({ code: 0, signal: null });
  expect(second.stderr).toBe('');
  await receiver.stop();
}, 60_000);

it('says how there could be some where none are configured', async () => {
  const [serverPort] = await freePorts(1);
  const file = await rig.configure(serverPort);
  rig.start(file);
  await vi.waitFor(async () => expect(await rig.tellAlarms()).toMatch(/no alarms are configured.*alarms:/s), WAIT);
}, 30_000);
