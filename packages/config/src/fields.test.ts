import { describe, expect, it } from 'vitest';
import { byteSize, durationMs, host, port } from './fields.ts';

describe('the shared fields', () => {
  it.each([
    ['250ms', 250],
    ['1 s', 1000],
    ['1.5h', 5_400_000],
    ['0s', undefined],
    ['-1s', undefined],
    ['2d', undefined],
    ['', undefined],
    [1000, undefined],
  ])('take %j for the duration %s', (input, ms) => {
    expect(durationMs(1, 86_400_000).safeParse(input).data).toBe(ms);
  });

  it.each([
    ['256 MB', 256e6],
    ['1GiB', 2 ** 30],
    ['1.5 kb', 1500],
    [4096, 4096],
    ['4096', undefined],
    ['1 PiB', undefined],
    [0, undefined],
    [1.5, undefined],
    ['9999999999 TB', undefined],
  ])('take %j for %s bytes', (input, bytes) => {
    expect(byteSize().safeParse(input).data).toBe(bytes);
  });

  it.each([
    ['plc-1', true],
    ['plc_1.area-2.example', true],
    ['192.168.0.10', true],
    ['::1', true],
    ['fe80::1%eth0', false],
    ['192.168.0.256', false],
    ['1.2.3', false],
    ['plc 1', false],
    ['-plc', false],
    ['tcp://plc', false],
    ['plc:502', false],
    ['', false],
  ])('take %j for a host: %s', (input, taken) => {
    expect(host().safeParse(input).success).toBe(taken);
  });

  it.each([
    [502, true],
    [65_535, true],
    [0, false],
    [65_536, false],
    ['502', false],
  ])('take %j for a port: %s', (input, taken) => {
    expect(port().safeParse(input).success).toBe(taken);
  });
});
