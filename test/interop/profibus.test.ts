/** PROFIBUS DP: what pyprofibus' master and slaves say to each other, overheard by our tap, telegram by telegram. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OverheardLine, SerialReceiver, SerialServer } from './overheardLine.ts';
import { describeWithPeer, Peer } from './peer.ts';
import { type TakenReading, type TestedDevice, TestedLine } from './testedLine.ts';

interface Telegram {
  readonly hex: string;
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

/** The I/O images of a slave from `telegram` on, the number of the answer that carried or confirmed them. */
interface Exchange {
  readonly station: number;
  readonly outputs: string;
  readonly inputs: string;
  readonly telegram: number;
}

interface Ready {
  readonly telegrams: readonly Telegram[];
  readonly exchanges: readonly Exchange[];
}

const STATION = 8;
const OUTPUT_ONLY = 117;
const OUTPUT_ONLY_POINTS = [
  { address: 'output:0', dataType: 'uint8' },
  { address: 'diagnosis:state', dataType: 'string' },
  { address: 'diagnosis:text', dataType: 'string' },
];
const SCAN_MS = 20;
const INPUT_BYTES = 8;
const OUTPUT_BYTES = 4;

/** Points of station 8, and what they are in the last image; the diagnosis names slot 3, so that its values are doubtful. */
const DETAILS: readonly {
  readonly address: string;
  readonly dataType: string;
  readonly of: (image: DataView) => number | string;
  readonly status?: string;
}[] = [
  { address: 'slot:1/input:0', dataType: 'uint32', of: (image) => image.getUint32(0) },
  { address: 'slot:1/input:3.6', dataType: 'bool', of: (image) => (image.getUint8(3) >> 6) & 1 },
  { address: 'slot:3/input:0', dataType: 'int16', of: (image) => image.getInt16(4), status: 'Uncertain' },
  { address: 'slot:3/input:2', dataType: 'uint16', of: (image) => image.getUint16(6), status: 'Uncertain' },
  { address: 'input:0', dataType: 'float32', of: (image) => image.getFloat32(0) },
  { address: 'slot:2/output:1', dataType: 'int8', of: (image) => image.getInt8(9) },
  { address: 'slot:4/output:0', dataType: 'int16', of: (image) => image.getInt16(10) },
  { address: 'diagnosis:state', dataType: 'string', of: () => 'data exchange' },
  { address: 'diagnosis:4', dataType: 'uint16', of: () => 0x80d1 },
  { address: 'diagnosis:7', dataType: 'uint8', of: () => 0xa1 },
  { address: 'bus:masters', dataType: 'float64', of: () => 1 },
  // The master and both slaves; station 3, which is asked for in each rotation, is not there.
  { address: 'bus:stations', dataType: 'float64', of: () => 3 },
  { address: 'bus:check-errors', dataType: 'float64', of: () => 0 },
  { address: 'bus:noise', dataType: 'float64', of: () => 0 },
  // pyprofibus does not change the frame count bit towards a slave that answers with an SC: each exchange but the first
  // is a repetition by all that can be heard.
  {
    address: 'bus:retries',
    dataType: 'float64',
    of: () => heard.exchanges.filter(({ station }) => station === OUTPUT_ONLY).length - 1,
  },
];

let heard: Ready;
let bus: OverheardLine | undefined;
let line: TestedLine | undefined;

beforeEach(async () => {
  const peer = await Peer.start<Ready>('profibusExchange');
  heard = peer.ready;
  await peer.stop();
});

afterEach(async () => {
  await line?.stop();
  await bus?.stop();
  bus = undefined;
});

const IMAGES: TestedDevice = {
  name: 'station-8',
  options: { station: STATION },
  intervalMs: SCAN_MS,
  points: [
    ...Array.from({ length: INPUT_BYTES }, (_, at) => ({ address: `input:${at}`, dataType: 'uint8' })),
    ...Array.from({ length: OUTPUT_BYTES }, (_, at) => ({ address: `output:${at}`, dataType: 'uint8' })),
  ],
};
const IMAGE_BYTES = INPUT_BYTES + OUTPUT_BYTES;

function bytesOf(telegrams: readonly Telegram[]): Buffer {
  return Buffer.from(telegrams.map(({ hex }) => hex).join(''), 'hex');
}

/** The images of station 8 in the order in which they were exchanged, inputs before outputs. */
function exchangedImages(): number[][] {
  const its = heard.exchanges.filter(({ station }) => station === STATION);
  return its.map(({ inputs, outputs }) => [...Buffer.from(inputs + outputs, 'hex')]);
}

/** The images that were read, one for each scan, without repetitions and without scans that had none. */
function readImages(): number[][] {
  const images: number[][] = [];
  const { readings } = line!;
  for (let at = 0; at + IMAGE_BYTES <= readings.length; at++) {
    if (readings[at].tag !== 0 || readings[at].value === null) continue;
    const image = readings.slice(at, at + IMAGE_BYTES).map(({ value }) => Number(value));
    if (image.join() !== images.at(-1)?.join()) images.push(image);
  }
  return images;
}

/** The tap is open, and nothing has come out of it yet. */
function isListening({ status }: { status: string }): boolean {
  return status === 'BadWaitingForInitialData';
}

describeWithPeer('pyprofibus', 'import pyprofibus', () => {
  it.each([
    ['a serial server', SerialServer],
    ['a serial port', SerialReceiver],
  ])('is overheard through %s: each image, and none that was not there', async (_, Line) => {
    bus = await Line.start();
    line = await TestedLine.start('profibus-dp', bus.medium, [IMAGES]);
    await line.latest(IMAGE_BYTES, isListening);
    const images = exchangedImages();
    let fed = 0;
    for (const [turn, { telegram }] of heard.exchanges.filter(({ station }) => station === STATION).entries()) {
      await bus.feed(bytesOf(heard.telegrams.slice(fed, telegram + 1)));
      fed = telegram + 1;
      await line.until(() => readImages().length > turn, `image ${turn}`);
    }
    expect(readImages()).toEqual(images);
    expect(images.length).toBe(20);
    if (bus instanceof SerialServer) expect(bus.heard).toEqual([]);
  });

  it('is overheard half-way through noise: what is read was on the line', async () => {
    bus = await SerialServer.start();
    line = await TestedLine.start('profibus-dp', bus.medium, [IMAGES]);
    await line.latest(IMAGE_BYTES, isListening);
    const images = exchangedImages().map((image) => image.join());
    let fed = 0;
    for (const [turn, { telegram }] of heard.exchanges.filter(({ station }) => station === STATION).entries()) {
      for (const { hex } of heard.telegrams.slice(fed, telegram + 1)) {
        await bus.feed(Buffer.concat([garbled(Buffer.from(hex, 'hex'), fed), Buffer.from(hex, 'hex')]));
        fed++;
      }
      const image = images[turn];
      await line.until(() => readImages().at(-1)?.join() === image, `image ${turn}`);
    }
    expect(readImages().filter((image) => !images.includes(image.join()))).toEqual([]);
  });

  it('plays as a recording', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tidegate-interop-'));
    const file = path.join(folder, 'bus.bin');
    await writeFile(file, bytesOf(heard.telegrams));
    const medium: Medium = { kind: 'recording', path: file, baudRate: 19_200, repeat: false };
    line = await TestedLine.start('profibus-dp', medium, [IMAGES]);
    const images = exchangedImages();
    await line.until(() => readImages().at(-1)?.join() === images.at(-1)!.join(), 'last image');
    await rm(folder, { recursive: true });
    const places = readImages().map((image) => images.findIndex((known) => known.join() === image.join()));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.length).toBeGreaterThan(images.length / 2);
    expect(places).not.toContain(-1);
  });

  it('shows slots, types, states, diagnosis and the bus', async () => {
    bus = await SerialServer.start();
    const options = { station: STATION };
    line = await TestedLine.start('profibus-dp', bus.medium, [
      {
        name: 'station-8',
        options,
        points: DETAILS.map(({ address, dataType }) => ({ address, dataType })),
        intervalMs: SCAN_MS,
      },
      { name: 'output-only', options: { station: OUTPUT_ONLY }, points: OUTPUT_ONLY_POINTS, intervalMs: SCAN_MS },
    ]);
    const count = DETAILS.length + OUTPUT_ONLY_POINTS.length;
    await line.latest(1, isListening);
    await bus.feed(bytesOf(heard.telegrams));
    await line.latest(1, ({ value }) => value !== null);
    const readings = await line.latest(count, () => true, line.readings.length);
    const its = exchangedImages().at(-1)!;
    const view = new DataView(Uint8Array.from(its).buffer);
    expect(DETAILS.map((detail, tag) => ({ ...detail, ...brief(readings[tag]) }))).toEqual(
      DETAILS.map((detail) => ({ ...detail, value: detail.of(view), status: detail.status ?? 'Good' })),
    );
    const last = heard.exchanges.findLast(({ station }) => station === OUTPUT_ONLY)!;
    expect(readings.slice(DETAILS.length).map(brief)).toEqual([
      { value: Number.parseInt(last.outputs, 16), status: 'Good' },
      { value: 'data exchange', status: 'Good' },
      { value: '', status: 'Good' },
    ]);
    // Within a second only the last diagnosis of a station is told.
    const { events } = line;
    await line.until(() => events.some(({ detail }) => detail.includes('slot 3, channel 3: lower limit')), 'diagnosis');
  });
});

function brief({ value, status }: TakenReading) {
  return { value, status };
}

/** Bytes that stand between telegrams on a bad line: a part of one, or one with a flipped bit. */
function garbled(telegram: Buffer, turn: number): Buffer {
  if (turn % 3 === 0) return telegram.subarray(0, telegram.length >> 1);
  const wrong = Buffer.from(telegram);
  wrong[(turn * 7) % wrong.length] ^= 1 << (turn % 8);
  return turn % 3 === 1 ? wrong : Buffer.alloc(0);
}
