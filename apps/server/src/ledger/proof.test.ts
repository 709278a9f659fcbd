import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { runOf } from '@tidegate/platform/historian/archive/sampleRun.ts';
import { sha256 } from '@tidegate/platform/historian/ingest/ledger/gatewayCertificate.ts';
import { deliver, JULY, SigningGateway } from '@tidegate/platform/historian/ingest/ledger/testbed/signingGateway.ts';
import {
  AUTHORITY,
  NORTH_RENEWED,
  OTHER_AUTHORITY,
} from '@tidegate/platform/historian/ingest/ledger/testbed/testCertificates.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledger } from './ledger.ts';
import { readProof } from './readProof.ts';
import { type ProofReport, verifyProof } from './verifyProof.ts';

const TAG = 'acme/pump/flow';
const MS = 1_000;
let directory: string;
let proof: string;
/** The same with an edit, and with a hole that the gateway explains. */
let edited: string;
let holed: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-proof-'));
  proof = await exported('plain', async () => undefined);
  edited = await exported('edited', async (historian) => {
    const tag = historian.tags().find(({ path }) => path === TAG)!.index;
    const samples = runOf([{ time: JULY + 5 * MS, value: 99, status: 0 }]);
    const done = await historian.edit({ kind: 'update', tag, by: 'anna', reason: 'sensor was stuck', samples });
    if (!done.ok) throw new Error(done.fault.detail);
  });
  holed = await exported('holed', async () => undefined, true);
});
afterAll(() => rm(directory, { recursive: true }));

async function open(data: string): Promise<Historian> {
  const options = { directory: data, clock: new ManualClock(JULY), events: () => undefined, evidenceBytes: 1e9 };
  const opened = await Historian.open({ ...options, authorities: () => AUTHORITY });
  if (!opened.ok) throw new Error(opened.fault.detail);
  return opened.value;
}

/** Three minutes of a gateway, and the proof of them, as text. */
async function exported(name: string, change: (historian: Historian) => Promise<unknown>, hasHole = false) {
  const data = join(directory, name);
  const historian = await open(data);
  const gateway = new SigningGateway();
  await historian.sink.defineTags('north', gateway.definitions());
  await deliver(historian.sink, gateway.sealTexts(['certificate', gateway.certificate]));
  for (let minute = 0; minute < 3; minute++) {
    for (let block = 0; block < 6; block++) {
      const time = JULY + (minute * 60 + block * 5) * MS;
      const sealed = gateway.seal(
        [time, minute + block / 10],
        [time + MS, Number.NaN],
        [time + 2 * MS, null, 0x80000000],
      );
      if (hasHole && minute === 1 && block === 2) gateway.expire(3);
      else await deliver(historian.sink, sealed);
    }
    await deliver(historian.sink, gateway.sealTexts(['operational', gateway.sign()]));
  }
  await historian.seal();
  await change(historian);
  await historian.close();
  const file = join(directory, `${name}.proof`);
  const range = ['--start', '2026-07-01T00:00:00Z', '--end', '2026-07-01T00:03:00Z'];
  const ended = await run('export', TAG, '--data', data, '--to', file, ...range);
  if (ended.status !== 0) throw new Error(ended.error);
  return readFile(file, 'utf8');
}

async function run(...args: string[]) {
  const [out, error] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(out), text(error)]);
  const status = await ledger(args, { out, error });
  out.end();
  error.end();
  const [outText, errorText] = await written;
  return { status, out: outText, error: errorText };
}

function check(given: string, authorities: string | undefined = AUTHORITY): ProofReport {
  const read = readProof(Buffer.from(given));
  if (!read.ok) throw new Error(read.fault.detail);
  return verifyProof(read.value, authorities);
}

/** The lines without the last one, changed, and with a last one that fits again: what somebody with intent would do. */
function forged(given: string, change: (lines: string[]) => string[]): string {
  const lines = change(given.trimEnd().split('\n').slice(0, -1));
  const body = lines.map((line) => `${line}\n`).join('');
  const digest = Buffer.from(sha256(Buffer.from(body))).toString('hex');
  return `${body}${JSON.stringify({ lines: lines.length, sha256: digest })}\n`;
}

const kindsOf = ({ findings }: ProofReport) => [...new Set(findings.map(({ kind }) => kind))];

describe('SR 2.12, SR 3.4: a proof', () => {
  it('says that the archive answers what the gateway has signed', () => {
    const report = check(proof);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ holds: true, isAnchored: true, checkpoints: 3 });
    expect(report.blocks).toEqual({ proved: 18, missing: 0, unproved: 0, wrong: 0 });
    expect(report.samples).toEqual({ signed: 54, equal: 54, missing: 0, extra: 0, edited: 0, altered: 0 });
  });

  it('says who has edited what, and that what was signed is still there', () => {
    const report = check(edited);
    expect(report).toMatchObject({ holds: true, samples: { equal: 54, altered: 0 } });
    expect(report.samples.edited).toBe(2);
    expect(report.edits[0]).toMatch(/update by anna on .*: sensor was stuck/);
  });

  it('names a hole that the gateway has signed for, and what cannot be proved beside it', () => {
    const report = check(holed);
    expect(report.blocks.missing).toBe(1);
    expect(report).toMatchObject({ expired: 3, samples: { signed: 51, equal: 51 } });
    expect(report.findings).toEqual([]);
  });

  it('is trusted as far as the authority is', () => {
    expect(kindsOf(check(proof, OTHER_AUTHORITY))).toEqual(['certificate']);
    const read = readProof(Buffer.from(proof));
    expect(read.ok && verifyProof(read.value)).toMatchObject({ holds: true, isAnchored: false });
  });
});

describe('SR 3.9: whatever is changed is named', () => {
  it('finds every flipped bit', () => {
    const bytes = Buffer.from(proof);
    for (let bit = 0; bit < bytes.length * 8; bit += 331) {
      bytes[bit >>> 3] ^= 1 << (bit & 7);
      const read = readProof(bytes);
      if (read.ok && verifyProof(read.value, AUTHORITY).holds) throw new Error(`bit ${bit}`);
      bytes[bit >>> 3] ^= 1 << (bit & 7);
    }
  });

  it('finds that it was cut, wherever', () => {
    for (let length = 1; length < proof.length; length += 997) {
      const read = readProof(Buffer.from(proof.slice(0, length)));
      if (read.ok) expect(kindsOf(verifyProof(read.value, AUTHORITY))).toContain('file');
    }
  });

  const isA = (key: string) => (line: string) => line.startsWith(`{"${key}"`);
  const without = (key: string, at: number) => (lines: string[]) => {
    const places = lines.flatMap((line, place) => (isA(key)(line) ? [place] : []));
    return lines.filter((_, place) => place !== places.at(at));
  };
  const changed = (key: string, change: (line: string) => string) => (lines: string[]) => {
    const place = lines.findIndex(isA(key));
    return lines.map((line, at) => (at === place ? change(line) : line));
  };

  it.each<[string, string[], (lines: string[]) => string[]]>([
    ['a block that was dropped', ['missing blocks', 'block', 'archive'], without('block', 0)],
    [
      'a block that is there twice',
      ['block'],
      (lines) => lines.flatMap((line) => (isA('block')(line) ? [line, line] : [line])),
    ],
    ['a checkpoint that was dropped', ['chain', 'block', 'archive'], without('checkpoint', 1)],
    ['a tail of checkpoints that was cut', ['period', 'block', 'archive'], without('checkpoint', -1)],
    [
      'a tail that was cut from everything',
      ['period'],
      (lines) => {
        const kept = without('checkpoint', -1)(lines);
        const blocks = kept.filter(isA('block')).slice(-6);
        const cut = (line: string) => line.replace(/(\[\[.*?)(,\[\d+,[^\]]*\]){18}\]\}$/, '$1]}');
        return kept
          .filter((line) => !blocks.includes(line))
          .map((line) => (/^\{"(stored|answered)/.test(line) ? cut(line) : line));
      },
    ],
    ['a checkpoint that is replayed', ['chain', 'period'], (lines) => [...lines, lines.find(isA('checkpoint'))!]],
    [
      'a count that was changed in a checkpoint',
      ['signature', 'chain'],
      changed('checkpoint', (line) => line.replace('\\"waiting\\":0', '\\"waiting\\":1')),
    ],
    [
      'a sample that the archive answers otherwise',
      ['archive'],
      changed('answered', (line) => line.replace('0.5', '0.6')),
    ],
    [
      'a sample that the archive took in otherwise',
      ['archive'],
      changed('stored', (line) => line.replace('0.5', '0.6')),
    ],
    [
      'a sample that was changed everywhere in the archive',
      ['archive'],
      (lines) => lines.map((line) => (/^\{"(stored|answered)/.test(line) ? line.replace('0.5', '0.6') : line)),
    ],
    [
      'a sample that nobody signed',
      ['archive'],
      (lines) => [...lines, '{"stored":[[1782864000000001,7,0]]}', '{"answered":[[1782864000000001,7,0]]}'],
    ],
    [
      'a certificate that was swapped',
      ['certificate'],
      changed('certificate', () => JSON.stringify({ certificate: NORTH_RENEWED.certificate })),
    ],
    ['no certificate', ['certificate'], without('certificate', 0)],
    [
      'another gateway',
      ['chain', 'block', 'missing blocks', 'archive'],
      changed('proof', (line) => line.replace('"gateway":"north"', '"gateway":"south"')),
    ],
    [
      'nothing that is signed',
      ['chain', 'block', 'archive'],
      (lines) => lines.filter((line) => !isA('checkpoint')(line)),
    ],
  ])('%s', (_what, kinds, change) => {
    const report = check(forged(proof, change));
    expect(report.holds).toBe(false);
    for (const kind of kindsOf(report)) expect(kinds).toContain(kind);
    expect(kindsOf(report)).toContain(kinds[0]);
  });

  it('never throws, whatever the file holds', () => {
    const hostile = [
      '',
      '\n',
      '{}',
      '{"proof":1}',
      `${JSON.stringify({ stored: [[Number.MAX_SAFE_INTEGER, 1, 0]] })}\n`,
      `${proof.split('\n')[0]}\n{"stored":[[9007199254740991,1,0]]}\n`,
      `${proof.split('\n')[0]}\n{"block":"!!!"}\n{"checkpoint":"[]"}\n{"certificate":"none"}\n`,
    ];
    for (const one of hostile) {
      const read = readProof(Buffer.from(one));
      if (read.ok) expect(verifyProof(read.value, 'none').holds).toBe(false);
      else expect(read.fault.code).toBe('ledger.proof');
    }
  });
});

describe('SR 6.1: `ledger verify`', () => {
  it('ends with 0, 1 or 2, and says why', async () => {
    const authority = join(directory, 'ca.pem');
    await writeFile(authority, AUTHORITY);
    const file = join(directory, 'plain.proof');
    const good = await run('verify', file, '--authority', authority);
    expect(good).toMatchObject({ status: 0, error: '' });
    expect(good.out).toMatch(/verdict\s+everything fits/);
    const bad = join(directory, 'bad.proof');
    await writeFile(bad, forged(proof, changed0));
    const ended = await run('verify', bad, '--authority', authority, '--json');
    expect(ended.status).toBe(1);
    expect(JSON.parse(ended.out)).toMatchObject({ holds: false, findings: [{ kind: 'archive' }, { kind: 'archive' }] });
    await writeFile(bad, 'nothing');
    expect((await run('verify', bad)).status).toBe(2);
    expect((await run('verify', join(directory, 'absent'))).status).toBe(2);
  });
});

function changed0(lines: string[]): string[] {
  return lines.map((line) => (line.startsWith('{"answered"') ? line.replace('0.5', '0.6') : line));
}
