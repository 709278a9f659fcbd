import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { PUMP, pumpDocument, pumpProfile } from '@tidegate/edge/conditioning/health/testbed/pump.ts';
import { expect, it, vi } from 'vitest';
import { GatewayRig } from '../testbed/gatewayRig.ts';
import { freePorts } from '../testbed/plantProcess.ts';
import { RecordingSink } from '../testbed/recordingSink.ts';

const WAIT = { timeout: 15_000, interval: 100 };
const NAME = 'site/reactor/feeds';
/** The flows of the plant are nothing like a pump. */
const CONFIGURED = `health:
  - { name: ${NAME}, model: pump.json, features: { vibration: site/a-flow, temperature: site/d-flow } }
alarms:
  - { name: feeds, tag: ${NAME}/alarming, condition: discrete, equals: true, priority: high, exception: of a test }
scanClasses:`;

const rig = new GatewayRig();

it('judges with the boundary cut, raises its alarm, and what it said before a crash crosses when it is back', async () => {
  const features = PUMP.features.map((feature) => ({ ...feature, unit: '' }));
  const document = pumpDocument(pumpProfile({ ...PUMP, features, intervalUs: 1e6 }));
  await writeFile(join(rig.site.directory, 'pump.json'), JSON.stringify(document));
  const [serverPort] = await freePorts(1);
  const file = await rig.configure(serverPort, [['scanClasses:', CONFIGURED]]);
  const first = rig.start(file);
  await vi.waitFor(async () => expect(await rig.alarmStates()).toEqual({ feeds: 'unacknowledged' }), WAIT);
  first.kill('SIGKILL');
  await first.ended;

  const sink = new RecordingSink();
  const receiver = await rig.certificates.receive(sink, serverPort);
  const second = rig.start(file);
  const statusesOf = (signal: string) => sink.statusesOf(sink.tags.find(({ path }) => path === `${NAME}/${signal}`));
  // Of both lives, with the mark that nothing was judged in between.
  await vi.waitFor(() => {
    const statuses = statusesOf('score');
    const stopped = statuses.indexOf(STATUS.BadOutOfService);
    expect(statuses.slice(0, stopped)).toContain(STATUS.Good);
    expect(statuses.slice(stopped)).toContain(STATUS.Good);
    expect(statusesOf('alarming')).toContain(STATUS.Good);
  }, WAIT);
  second.kill('SIGTERM');
  expect(await second.ended).toEqual({ code: 0, signal: null });
  expect(first.stderr + second.stderr).toBe('');
  const [own] = await readdir(join(rig.site.data, 'health'));
  expect(await readdir(join(rig.site.data, 'health', own))).toHaveLength(2);
  await receiver.stop();
}, 60_000);
