import { expect, it } from 'vitest';
import { connectionDefect, connectionFault } from './connectionDefect.ts';

it.each([
  [new AggregateError([new Error('a'), new Error('b')]), 'ECONNREFUSED', /^takes no connection: .* \(ECONNREFUSED\)$/],
  [new Error('connect EHOSTUNREACH'), 'EHOSTUNREACH', /^cannot be reached \(EHOSTUNREACH\)$/],
  [new Error('getaddrinfo ENOTFOUND plc'), 'ENOTFOUND', /^is a name that cannot be resolved \(ENOTFOUND\)$/],
  [new AggregateError([]), 'EADDRNOTAVAIL', /^cannot be connected to \(EADDRNOTAVAIL\)$/],
  [new Error('bind EINVAL'), 'EINVAL', /^cannot be connected to \(bind EINVAL\)$/],
])('says why a device takes no connection: %s, %s', (error, code, expected) => {
  expect(connectionDefect(Object.assign(error, { code }), 'cannot be connected to')).toMatch(expected);
});

it.each([
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'link.identity', 'does not know the authority of our certificate'],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'link.identity', 'finds that our certificate has expired'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'link.connect', 'does not speak TLS on this port'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'link.identity', 'wants a certificate of ours'],
  ['ERR_SSL_BAD_RECORD_TYPE', 'link.connect', 'broke it off (ERR_SSL_BAD_RECORD_TYPE)'],
])('tells a question of trust from one of the network: %s', (code, fault, words) => {
  const detail = expect.stringContaining(`rtu-7:802 ${words}`);
  expect(connectionFault('rtu-7:802', { code, message: 'x' }, 'broke it off')).toMatchObject({
    fault: { code: fault, detail },
  });
});
