/** Messages that other programs sent, as tshark reads them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dissectOpcUaChunk } from './dissectOpcUaChunk.ts';
import { dissectOpcUaRequest } from './dissectOpcUaRequest.ts';
import { UA_SERVICES } from './uaService.ts';

interface Recorded {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** `undefined` where tshark names none. */
  readonly message: number | undefined;
  readonly frame: Uint8Array;
}

const RECORDED = readFileSync(join(import.meta.dirname, 'vectors', 'recordings.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line): Recorded => {
    const [recording, packet, type, size, service, hex] = line.split('\t');
    const message = service === '' ? undefined : Number(service);
    return { name: `${recording} ${packet}`, type, size: Number(size), message, frame: Uint8Array.fromHex(hex) };
  });
const CLIENT = ['HEL', 'OPN', 'MSG', 'CLO'];
const REQUESTS = RECORDED.filter(
  ({ type, message }) => type === 'HEL' || (CLIENT.includes(type) && message !== undefined && UA_SERVICES.has(message)),
);
/** Written down after the table of services in OPC 10000-4, 5, and not taken from ours. */
const WRITES = new Map([
  [488, 'add nodes'],
  [673, 'write'],
  [712, 'call'],
]);

describe('a message', () => {
  it.each(RECORDED)('$name $type $message', ({ type, size, message, frame }) => {
    expect(frame).toHaveLength(size);
    expect(dissectOpcUaChunk(frame)).toMatchObject({ ok: true, value: { type, message } });
  });
});

describe('a request', () => {
  it('there are many kinds of', () => {
    expect(new Set(REQUESTS.map(({ message }) => message)).size).toBeGreaterThan(14);
  });

  it.each(REQUESTS)('$name $type $message', ({ message = 0, frame }) => {
    const dissected = dissectOpcUaRequest(frame);
    const write = WRITES.get(message);
    if (write !== undefined) expect(dissected).toMatchObject({ ok: true, value: { service: write, effect: 'write' } });
    else if (dissected.ok) expect(['read', 'session']).toContain(dissected.value.effect);
    else expect(dissected.fault.detail).toMatch(/protected by a policy|an identity of type|conditions/);
  });

  it.each(REQUESTS)('$name: no prefix of it, and nothing behind it', ({ frame }) => {
    for (let length = 0; length < frame.length; length++) {
      expect(dissectOpcUaRequest(frame.subarray(0, length)).ok).toBe(false);
    }
    expect(dissectOpcUaRequest(Uint8Array.of(...frame, 0)).ok).toBe(false);
  });
});
