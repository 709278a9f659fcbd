/** Texts that come from outside or lie where others may write: checkpoints, proofs and policies. */

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import { decodeCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import {
  deliver,
  JULY,
  MINUTE_US,
  SigningGateway,
} from '@tidegate/platform/historian/ingest/ledger/testbed/signingGateway.ts';
import { AUTHORITY } from '@tidegate/platform/historian/ingest/ledger/testbed/testCertificates.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { readPolicy } from '@tidegate/policy/loadPolicy.ts';
import { POLICY_TEXT } from '@tidegate/policy/testbed/policyText.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportProof } from '../../apps/server/src/ledger/exportProof.ts';
import { readProof } from '../../apps/server/src/ledger/readProof.ts';
import { verifyProof } from '../../apps/server/src/ledger/verifyProof.ts';
import { DOCUMENTS, PAYLOADS, reportFigures, SEED, TIMEOUT_MS } from './boundarySize.ts';
import { FlatMemory } from './flatMemory.ts';
import { mutated } from './mutator.ts';
import { Random } from './random.ts';

const OPTIONS = { timeout: TIMEOUT_MS };
const MS = 1_000;
const MAX_LINE_BYTES = 64 * 1024;
let proof: string[];

beforeAll(async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'tidegate-proofs-'));
  proof = await exportedProof(directory);
  rmSync(directory, { recursive: true });
});

describe(`FUZZ_SEED=${SEED}`, () => {
  it(`SR 3.5: ${PAYLOADS} mutated checkpoints each give a fault, or read as they are written`, OPTIONS, () => {
    const gateway = new SigningGateway();
    const seeds = Array.from({ length: 4 }, (_, block) => {
      gateway.seal([JULY + block, block]);
      return Buffer.from(gateway.sign());
    });
    fuzz(
      'mutated checkpoints',
      PAYLOADS,
      (random) => mutated(seeds, random),
      (bytes) => judged(decodeCheckpoint(bytes.toString())),
    );
  });

  it(`SR 3.5, SR 3.9: of ${DOCUMENTS} mutated proofs none holds`, OPTIONS, () => {
    const whole = withEnd(proof);
    expect(holds(whole)).toBe(true);
    fuzz(
      'mutated proofs',
      DOCUMENTS,
      (random) => mutated([whole], random, whole.length * 2),
      (bytes) => {
        if (!bytes.equals(whole) && holds(bytes)) throw new Error('it holds');
        return readProof(bytes).ok;
      },
    );
  });

  it(
    `SR 3.5, SR 3.9: of ${DOCUMENTS} proofs with a mutated line and an end that fits none holds that says otherwise`,
    OPTIONS,
    () => {
      const said = samplesOf(withEnd(proof));
      const forge = (random: Random) => {
        const place = random.below(proof.length);
        const [line] = mutated([Buffer.from(proof[place])], random, MAX_LINE_BYTES)
          .toString()
          .split('\n');
        return withEnd(proof.with(place, line));
      };
      fuzz('forged proofs', DOCUMENTS, forge, (bytes) => {
        const isBelieved = holds(bytes);
        if (isBelieved && samplesOf(bytes) !== said) throw new Error('it holds');
        return isBelieved;
      });
    },
  );

  it(`SR 3.5: ${DOCUMENTS} mutated policies are each told what is wrong with them, or are policies`, OPTIONS, () => {
    const text = Buffer.from(POLICY_TEXT);
    fuzz(
      'mutated policies',
      DOCUMENTS,
      (random) => mutated([text], random, text.length * 2),
      (bytes) => {
        const read = readPolicy(ConfigDocument.parse('policy.yaml', bytes.toString()));
        if (!read.ok && read.defects.length === 0) throw new Error('nothing is told');
        return read.ok;
      },
    );
  });
});

/** Makes `times` documents and has each judged; `judge` says whether it is taken for what it seems to be. */
function fuzz(what: string, times: number, make: (random: Random) => Buffer, judge: (bytes: Buffer) => boolean): void {
  const startedAtMs = performance.now();
  const random = new Random(SEED);
  const memory = new FlatMemory(times);
  let taken = 0;
  for (let count = 1; count <= times; count++) {
    const bytes = make(random);
    try {
      if (judge(bytes)) taken++;
    } catch (error) {
      throw new Error(`${what} ${count} of seed ${SEED}, ${bytes.toString('base64')}: ${error}`, { cause: error });
    }
    memory.look(count);
  }
  memory.expectFlat();
  const { warmBytes, endBytes } = memory;
  reportFigures(what, times, startedAtMs, { taken, warmBytes, endBytes });
}

function judged(result: ReturnType<typeof decodeCheckpoint>): boolean {
  if (!result.ok && !(result.fault.code in FAULTS)) throw new Error(`${result.fault.code} is no fault`);
  return result.ok;
}

function holds(bytes: Uint8Array): boolean {
  const read = readProof(bytes);
  return read.ok && verifyProof(read.value, AUTHORITY).holds;
}

/** What a proof says that the archive took in, and what it answers. */
function samplesOf(bytes: Uint8Array): string {
  const read = readProof(bytes);
  if (!read.ok) throw new Error(read.fault.detail);
  return JSON.stringify([read.value.stored, read.value.answered]);
}

/** As `ledger export` ends a proof. */
function withEnd(lines: readonly string[]): Buffer {
  const body = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(body).digest('hex');
  return Buffer.from(`${body}${JSON.stringify({ lines: lines.length, sha256 })}\n`);
}

/** The lines that prove two minutes of a tag. */
async function exportedProof(directory: string): Promise<string[]> {
  const clock = new ManualClock(JULY);
  const options = { directory, clock, events: () => undefined, evidenceBytes: 1e9, authorities: () => AUTHORITY };
  const open = async () => {
    const opened = await Historian.open(options);
    if (!opened.ok) throw new Error(opened.fault.detail);
    return opened.value;
  };
  const writing = await open();
  const gateway = new SigningGateway();
  await writing.sink.defineTags('north', gateway.definitions());
  await deliver(writing.sink, gateway.sealTexts(['certificate', gateway.certificate]));
  for (let minute = 0; minute < 2; minute++) {
    for (let block = 0; block < 3; block++) {
      const time = JULY + (minute * 60 + block * 5) * MS;
      await deliver(
        writing.sink,
        gateway.seal([time, block], [time + MS, Number.NaN], [time + 2 * MS, null, 0x80000000]),
      );
    }
    await deliver(writing.sink, gateway.sealTexts(['operational', gateway.sign()]));
  }
  await writing.seal();
  await writing.close();
  const historian = await open();
  const tag = historian.tags().find(({ path: name }) => name === 'acme/pump/flow');
  if (!tag) throw new Error('the tag is not there');
  const lines: string[] = [];
  const question = { start: JULY, end: JULY + 3 * MINUTE_US, now: JULY };
  for await (const line of exportProof(historian, tag, question)) lines.push(JSON.stringify(line));
  await historian.close();
  return lines;
}
