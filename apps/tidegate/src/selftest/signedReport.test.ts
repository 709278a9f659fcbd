import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Credentials } from '../certificates/certificateFiles.ts';
import { issueAuthority, issueCredentials } from '../certificates/issueCertificate.ts';
import { gatewaySubject } from '../certificates/subject.ts';
import { inDays, validityOf } from '../certificates/validity.ts';
import { reportText } from './reportText.ts';
import { REPORT_FORMAT, type SelftestReport, signReport, verifyReport } from './signedReport.ts';

const NOW = new Date();
const CHECK = { control: 'a control', clauses: ['SR 5.2'], did: 'something', seen: 'as it should be' };
const REPORT: SelftestReport = {
  format: REPORT_FORMAT,
  at: NOW.toISOString(),
  host: 'ot-1',
  version: '0.1.0',
  gateway: 'north-1',
  server: null,
  checks: [
    { ...CHECK, id: 'one', verdict: 'proved' },
    { ...CHECK, id: 'two', verdict: 'elsewhere', seen: 'run it there' },
    { ...CHECK, id: 'three', verdict: 'failed', seen: 'a \x1b[2J trick' },
  ],
};

let authority: Credentials;
let other: Credentials;
let gateway: Credentials;
let server: Credentials;
beforeAll(async () => {
  const validity = validityOf(NOW, 30);
  authority = await issueAuthority('site', validity);
  other = await issueAuthority('site', validity);
  gateway = await issueCredentials(authority, gatewaySubject('north-1'), validity);
  server = await issueCredentials(authority, { role: 'server', name: 'history', hosts: ['localhost'] }, validity);
});

function signed(credentials: Credentials, report = REPORT): string {
  const result = signReport(report, credentials);
  if (!result.ok) throw new Error(result.fault.detail);
  return JSON.stringify(result.value, undefined, 2);
}

describe('SR 3.4: a signed report', () => {
  it('holds, of a gateway (Ed25519) and of a server (P-256)', () => {
    for (const [credentials, signer] of [
      [gateway, 'north-1'],
      [server, 'history'],
    ] as const) {
      expect(verifyReport(signed(credentials), authority.cert)).toEqual({
        ok: true,
        value: { report: REPORT, signer },
      });
    }
  });

  it('holds for nothing but what was signed, whichever character is another', () => {
    const text = signed(gateway);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'a', 'Z', '"', ' ', '}'), (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        const verified = verifyReport(changed, authority.cert);
        // A space between two parts of the JSON says nothing.
        if (verified.ok) expect(verified.value.report).toEqual(REPORT);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, () => string, () => string, string]>([
    ['of another authority', () => signed(gateway), () => other.cert, 'certificate.issuer'],
    ['with no authority', () => signed(gateway), () => 'nothing', 'certificate.unreadable'],
    ['by the authority itself', () => signed(authority), () => authority.cert, 'certificate.issuer'],
    [
      'with the certificate of another',
      () => JSON.stringify({ ...JSON.parse(signed(gateway)), certificate: server.cert }),
      () => authority.cert,
      'selftest.report',
    ],
    [
      'from a time at which the certificate did not hold',
      () => signed(gateway, { ...REPORT, at: inDays(NOW, 60).toISOString() }),
      () => authority.cert,
      'certificate.dates',
    ],
    ['that is none', () => '{"report":{}}', () => authority.cert, 'selftest.report'],
    ['that is no JSON', () => 'report', () => authority.cert, 'selftest.report'],
    ['that is null', () => 'null', () => authority.cert, 'selftest.report'],
  ])('is refused %s', (_, text, ca, code) => {
    expect(verifyReport(text(), ca())).toMatchObject({ ok: false, fault: { code } });
  });

  it('is not made with a key that does not fit', () => {
    expect(signReport(REPORT, { key: server.key, cert: gateway.cert })).toMatchObject({
      fault: { code: 'certificate.mismatch' },
    });
  });
});

it('is shown with what failed first, and steers no terminal', () => {
  expect(reportText(REPORT).split('\n')).toEqual([
    `Tidegate 0.1.0, self-test at ${REPORT.at} on ot-1: gateway north-1, no server`,
    '',
    'FAILED  a control  [three; SR 5.2]',
    '    did: something',
    '    saw: a \ufffd[2J trick',
    'proved  a control  [one; SR 5.2]',
    '    did: something',
    '    saw: as it should be',
    'not checked here  a control  [two; SR 5.2]: run it there',
    '',
    '1 failed, 1 proved, 1 not checked here',
    '',
  ]);
});
