import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { modbusTcpDriver } from '../drivers/modbus/modbusDrivers.ts';
import { openTestPeer } from '../testbed/testPeer.ts';
import { guardedOpener } from './openLine.ts';
import { createWriteGuard } from './writeGuard.ts';

const FORBIDDEN = readFileSync(join(import.meta.dirname, '../drivers/modbus/forbidden.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => Uint8Array.from(Buffer.from(line.split(';')[0].replaceAll(' ', ''), 'hex')));

const EVERY_UNIT = Array.from({ length: 256 }, (_, station) => ({ station, options: [] }));

const anyRead = fc
  .tuple(fc.nat(0xffff), fc.nat(255), fc.integer({ min: 1, max: 4 }), fc.nat(65_000), fc.integer({ min: 1, max: 125 }))
  .map(([transaction, unit, code, first, count]) => {
    const frame = Buffer.alloc(12);
    frame.writeUInt16BE(transaction, 0);
    frame.writeUInt16BE(6, 4);
    frame.writeUInt8(unit, 6);
    frame.writeUInt8(code, 7);
    frame.writeUInt16BE(first, 8);
    frame.writeUInt16BE(count, 10);
    return new Uint8Array(frame);
  });

const anyChangedRead = fc
  .tuple(anyRead, fc.nat(11), fc.nat(255))
  .map(([frame, place, byte]) => frame.with(place, byte));
const anyBytes = fc.oneof(anyRead, anyChangedRead, fc.constantFrom(...FORBIDDEN), fc.uint8Array({ maxLength: 40 }));

/** What a read is, in so many words, without any parser of the repository. */
function isRead(frame: Uint8Array): boolean {
  const bytes = Buffer.from(frame);
  if (bytes.length !== 12 || bytes.readUInt16BE(2) !== 0 || bytes.readUInt16BE(4) !== 6) return false;
  const [code, first, count] = [bytes[7], bytes.readUInt16BE(8), bytes.readUInt16BE(10)];
  const most = code === 1 || code === 2 ? 2000 : 125;
  return code >= 1 && code <= 4 && count >= 1 && count <= most && first + count <= 65_536;
}

it('whatever is sent, reads alone reach the socket, up to the first frame that is none', async () => {
  const guard = createWriteGuard(modbusTcpDriver.manifest, modbusTcpDriver.dissect, EVERY_UNIT);
  await fc.assert(
    fc.asyncProperty(fc.array(anyBytes, { minLength: 1, maxLength: 8 }), async (frames) => {
      const received: Buffer[] = [];
      const events: PlantEvent[] = [];
      const peer = await openTestPeer((bytes) => received.push(bytes));
      const medium = {
        kind: 'tcp',
        host: '127.0.0.1',
        port: peer.port,
        connectTimeoutMs: 2000,
        tls: undefined,
      } as const;
      const ports = { clock: systemClock, events: (event: PlantEvent) => events.push(event) };
      const opened = await guardedOpener('pump', medium, guard, ports).open(new AbortController().signal);
      if (!opened.ok) throw new Error(opened.fault.detail);
      for (const frame of frames) opened.value.send(frame);
      const firstOther = frames.findIndex((frame) => !isRead(frame));
      const reads = Buffer.concat(firstOther < 0 ? frames : frames.slice(0, firstOther));
      if (firstOther < 0) await vi.waitFor(() => expect(Buffer.concat(received)).toEqual(reads), { interval: 1 });
      else await opened.value.closed;
      opened.value.close();
      await vi.waitFor(() => expect([peer.connections, peer.sockets.size]).toEqual([1, 0]), { interval: 1 });
      await peer.close();
      // What was allowed before a forbidden frame may be lost with the connection, but nothing else may come of it.
      expect(reads.subarray(0, Buffer.concat(received).length)).toEqual(Buffer.concat(received));
      expect(events.map(({ kind }) => kind)).toEqual(firstOther < 0 ? [] : ['guard.refused']);
    }),
    { numRuns: 150 },
  );
});
