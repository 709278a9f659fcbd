import { describe, expect, test } from 'vitest';
import { isForeignPage, isLoopbackAuthority, requireLoopback } from './loopbackRule.ts';

describe('the host to listen on', () => {
  test.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])('%s is taken', (host) => {
    expect(requireLoopback(host).ok).toBe(true);
  });

  test.each([
    '0.0.0.0',
    '::',
    '',
    '192.168.1.10',
    'plant-server',
    'localhost.example.org',
    '127.0.0.1.example.org',
    '128.0.0.1',
    '1127.0.0.1',
    '::2',
    'localhost.',
  ])('"%s" is refused by name', (host) => {
    const refused = requireLoopback(host);
    expect(refused).toMatchObject({ ok: false, fault: { code: 'identity.loopback-only' } });
    expect(refused.ok ? '' : refused.fault.detail).toContain(`"${host}"`);
  });
});

describe('the Host header', () => {
  test.each(['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', '[::1]', 'LocalHost:80'])(
    '%s is ours',
    (host) => {
      expect(isLoopbackAuthority(host)).toBe(true);
    },
  );

  test.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    'localhost@evil.example',
    'evil.example/localhost',
    '10.0.0.1',
    '[::2]:80',
    'localhost:port',
    'localhost:80:80',
    ' localhost',
  ])('%s is not', (host) => {
    expect(isLoopbackAuthority(host)).toBe(false);
  });
});

describe('a page of another site', () => {
  test.each([
    ['cross-site', 'cors', true],
    ['cross-site', 'no-cors', true],
    ['cross-site', 'navigate', false],
    ['same-origin', 'cors', false],
    ['same-site', 'cors', false],
    ['none', 'navigate', false],
    [undefined, undefined, false],
  ])('site %s and mode %s: %s', (site, mode, isForeign) => {
    expect(isForeignPage({ 'sec-fetch-site': site, 'sec-fetch-mode': mode })).toBe(isForeign);
  });
});
