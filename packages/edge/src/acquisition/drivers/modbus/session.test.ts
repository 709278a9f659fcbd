import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { success } from '@tidegate/core/fault/fault.ts';
import { expect, it } from 'vitest';
import type { Link } from '../../transport/link.ts';
import { ModbusSession } from './session.ts';

const UNIT = { unit: 1, timeoutMs: 1000 };
const HOLDING_0 = { table: 'holding', first: 0, count: 1 } as const;
const frame = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

/** A link on which `next` comes after 10 ms, again and again. */
function linkThatSays(clock: ManualClock, next: () => Uint8Array): Link {
  return {
    sentBytes: 0,
    receivedBytes: 0,
    send: () => success(undefined),
    async receive() {
      await clock.advance(10);
      return success(next());
    },
    closed: new Promise(() => {}),
    close() {},
  };
}

it('gives up on a device that babbles, when the time of the question is over', async () => {
  const clock = new ManualClock();
  const link = linkThatSays(clock, () => frame('99990000000501030200ff'));
  const session = new ModbusSession(link, clock, 0);
  const outcome = await session.read(UNIT, HOLDING_0);
  const detail = expect.stringContaining('100 answers with another transaction id were thrown away');
  expect(outcome).toMatchObject({ kind: 'silent', fault: { code: 'link.timeout', detail } });
  expect(clock.elapsedMs()).toBe(1000);
  expect(session.discarded).toBe(100);
});

it('goes on with the transaction ids of the connection before, and round their end', async () => {
  const clock = new ManualClock();
  const answers = [frame('ffff0000000501030200ff'), frame('0000000000050103020100')];
  const session = new ModbusSession(
    linkThatSays(clock, () => answers.shift()!),
    clock,
    0xfffe,
  );
  expect(await session.read(UNIT, HOLDING_0)).toMatchObject({ kind: 'data', data: Uint8Array.of(0, 255) });
  expect(await session.read(UNIT, HOLDING_0)).toMatchObject({ kind: 'data', data: Uint8Array.of(1, 0) });
  expect(session.transaction).toBe(0);
});

it('stamps an answer with the moment of its arrival', async () => {
  const clock = new ManualClock();
  const session = new ModbusSession(
    linkThatSays(clock, () => frame('00010000000501030200ff')),
    clock,
    0,
  );
  expect(await session.read(UNIT, HOLDING_0)).toMatchObject({ kind: 'data', at: 10_000 });
});
