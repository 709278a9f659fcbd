import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ANSWER_BYTES, FrameKind, PAYLOAD_LIMITS } from './frameLayout.ts';
import { refusalOf } from './refusal.ts';

const page = readFileSync(new URL('../../../../docs/formats/oneway-frame.md', import.meta.url), 'utf8');

it('docs/formats/oneway-frame.md tells every refusal by its number', () => {
  const told = [...page.matchAll(/(\d+) `((?:boundary|block)\.[a-z-]+)`/g)].map(([, number, code]) => [
    Number(number),
    code,
  ]);
  expect(told.length).toBeGreaterThan(0);
  for (const [number, code] of told) expect(refusalOf(Number(number))).toBe(code);
  expect(refusalOf(told.length + 1)).toBeUndefined();
});

it('docs/formats/oneway-frame.md tells the lengths that a reader accepts', () => {
  const count = (bytes: number) => bytes.toLocaleString('en');
  const limits = (kind: FrameKind) => PAYLOAD_LIMITS[kind];
  expect(page).toContain(`### HELLO (${limits(FrameKind.hello).join(' to ')} bytes)`);
  expect(page).toContain(`### TAGS (${limits(FrameKind.tags).map(count).join(' to ')} bytes)`);
  expect(page).toContain(
    `### BLOCK (${limits(FrameKind.block)[0]} bytes to ${limits(FrameKind.block)[1] / 2 ** 20} MiB)`,
  );
  expect(page).toContain(`### HEARTBEAT (${limits(FrameKind.heartbeat)[0]} bytes)`);
  expect(page).toContain(`Answers of exactly ${ANSWER_BYTES} bytes`);
});
