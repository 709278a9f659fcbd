import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, it } from 'vitest';
import { questionOf } from './question.ts';
import { Station } from './station.ts';
import { TcpSession } from './tcpSession.ts';
import { ClockedLink, during } from './testbed/clockedLink.ts';

const HOLDING_0 = questionOf({ table: 'holding', source: 0, first: 0, count: 1 });

function rig(onFrame: (frame: Buffer, link: ClockedLink) => void = () => {}) {
  const clock = new ManualClock();
  const link: ClockedLink = new ClockedLink(clock, (frame) => onFrame(Buffer.from(frame), link));
  const session = new TcpSession(clock);
  session.connected(link);
  const station = new Station({ unit: 1, timeoutMs: 1000 });
  const ask = (count = 1) => during(clock, session.ask(station, Array(count).fill(HOLDING_0)), 5);
  return { clock, link, session, station, ask };
}

const answerTo = (frame: Buffer) => `${frame.toString('hex', 0, 2)}0000000501030200ff`;

it('gives up on a device that babbles, when the time of the question is over', async () => {
  const { clock, link, station, ask } = rig();
  for (let at = 10; at <= 1000; at += 10) link.says('99990000000501030200ff', at);
  const [outcome] = await ask();
  const detail = expect.stringMatching(/^unit 1, asked for 1 from holding:0: .*100 answers that belong to no question/);
  expect(outcome).toMatchObject({ kind: 'silent', fault: { code: 'link.timeout', detail } });
  expect(clock.elapsedMs()).toBe(1000);
  expect(station.discarded).toBe(100);
});

it('stamps an answer with the moment of its arrival', async () => {
  const { ask } = rig((frame, link) => link.says(answerTo(frame), 10));
  expect(await ask()).toMatchObject([{ kind: 'data', data: Uint8Array.of(0, 255), at: 10_000 }]);
});

it('gives each of several questions its own time', async () => {
  const { ask } = rig((frame, link) => link.says(answerTo(frame), 900 * frame.readUInt16BE(0)));
  expect((await ask(4)).map(({ kind }) => kind)).toEqual(['data', 'data', 'data', 'data']);
});

it('uses the number of a question that was given up only when its answer has come, round their end as well', async () => {
  let mute = true;
  const { link, session, station, ask } = rig((frame, to) => {
    if (!mute) to.says(answerTo(frame));
  });
  expect(await ask(2)).toMatchObject([{ kind: 'silent' }, { kind: 'silent' }]);
  mute = false;
  session.disconnected();
  session.connected(link);
  // The late answer to the second one comes on the next link.
  link.says('00020000000501030200ff');
  await ask(2);
  expect(station.discarded).toBe(1);
  link.sent.length = 0;
  for (let asked = 4; asked <= 65_536; asked++) await session.ask(station, [HOLDING_0]);
  const numbers = link.sent.map(({ hex }) => Number.parseInt(hex.slice(0, 4), 16));
  expect(numbers.slice(-4)).toEqual([65_534, 65_535, 0, 2]);
});

it.each([
  ['another unit', '0001 0000 0005 02 03 02 00ff', /unit 2 answered where unit 1 was asked/],
  ['another function', '0001 0000 0005 01 04 02 00ff', /function code 4 where 3 was asked/],
  ['another length', '0001 0000 0007 01 03 04 00ff 00ff', /6 bytes and has 6 where 4 were asked for/],
])('does not believe an answer of %s', async (_, answer, detail) => {
  const { ask } = rig((_frame, link) => link.says(answer, 10));
  expect(await ask()).toMatchObject([{ kind: 'wrong', fault: { detail: expect.stringMatching(detail) } }]);
});
