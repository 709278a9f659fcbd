/** The first lock: whatever the codec of a driver is asked for, no request that it makes is a write. */

import { dissectDnp3Request } from '@tidegate/dissect/dnp3/dissectDnp3Request.ts';
import { dissectModbusTcpRequest } from '@tidegate/dissect/modbus/dissectModbus.ts';
import { dissectOpcUaRequest } from '@tidegate/dissect/opcua/dissectOpcUaRequest.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as requests from './dnp3/application/request.ts';
import * as frames from './dnp3/link/linkFrame.ts';
import { manifest } from './dnp3/manifest.ts';
import { encodeSegment } from './dnp3/transport/segment.ts';
import { type Question, questionOf, READ_FUNCTION } from './modbus/question.ts';
import * as envelopes from './opcua/conversation/envelope.ts';
import { manifest as opcuaManifest } from './opcua/manifest.ts';
import * as uaRequests from './opcua/service/request.ts';
import { SERVICE, type ServiceNumber } from './opcua/service/serviceNumber.ts';

/** Numbers that a frame has room for, and all others. */
const anyNumber = fc.oneof(fc.nat(0xff), fc.nat(0xffff), fc.double(), fc.integer(), fc.constant(Number.NaN));
const RUNS = { numRuns: 3_000 };

/** Modbus Application Protocol V1.1b3, 6: coils, inputs, registers, file record, FIFO queue, device identification. */
const READ_FUNCTIONS = [1, 2, 3, 4, 20, 24, 43];
/** IEEE 1815-2012, 4.2.2: confirm, read, write, immediate freeze, unsolicited on and off, delay measurement, record time. */
const FUNCTIONS = [0, 1, 2, 7, 20, 21, 23, 24];
const WRITE = 2;

describe('the questions of Modbus', () => {
  const tables = [...Object.keys(READ_FUNCTION), 'register', 'constructor'] as (keyof typeof READ_FUNCTION)[];
  const range = fc.record({ table: fc.constantFrom(...tables), source: anyNumber, first: anyNumber, count: anyNumber });
  const wrapped = ({ request }: Question) => Uint8Array.of(0, 1, 0, 0, 0, 1 + request.length, 1, ...request);

  it('are reads', () => {
    fc.assert(
      fc.property(range, (asked) => {
        const question = questionOf(asked);
        // 0 is no function; it is what comes of a table that there is not.
        expect([0, ...READ_FUNCTIONS]).toContain(question.request[0]);
        const dissected = dissectModbusTcpRequest(wrapped(question));
        if (dissected.ok) expect(dissected.value.effect).toBe('read');
      }),
      RUNS,
    );
    expect(Object.values(READ_FUNCTION)).toEqual(READ_FUNCTIONS);
  });
});

describe('the requests of DNP3', () => {
  const anyClasses = fc.array(anyNumber, { maxLength: 4 }) as fc.Arbitrary<requests.EventClass[]>;
  const anySequence = fc.nat(15);
  const anySpan = fc.record({ first: anyNumber, last: anyNumber });
  const anyObject = fc.oneof(
    fc.record({ dataClass: anyNumber, maxEvents: fc.option(anyNumber, { nil: undefined }) }),
    fc.record({
      group: anyNumber,
      variation: anyNumber,
      select: fc.oneof(fc.constant('all'), anySpan, fc.record({ count: anyNumber })),
    }),
  ) as fc.Arbitrary<requests.ReadObject>;

  /** Everything that makes a fragment, and arguments of every kind for it. */
  const FRAGMENTS: Readonly<Record<Encoders<typeof requests>, fc.Arbitrary<Uint8Array | undefined>>> = {
    encodeConfirm: made(requests.encodeConfirm, anySequence, fc.boolean()),
    encodeRead: made(requests.encodeRead, anySequence, fc.array(anyObject, { maxLength: 40 })),
    encodeEnableUnsolicited: made(requests.encodeEnableUnsolicited, anySequence, anyClasses),
    encodeDisableUnsolicited: made(requests.encodeDisableUnsolicited, anySequence, anyClasses),
    encodeClearRestart: made(requests.encodeClearRestart, anySequence),
    encodeWriteTime: made(requests.encodeWriteTime, anySequence, anyNumber),
    encodeWriteRecordedTime: made(requests.encodeWriteRecordedTime, anySequence, anyNumber),
    encodeRecordCurrentTime: made(requests.encodeRecordCurrentTime, anySequence),
    encodeDelayMeasurement: made(requests.encodeDelayMeasurement, anySequence),
    encodeImmediateFreeze: made(requests.encodeImmediateFreeze, anySequence, fc.oneof(fc.constant('all'), anySpan)),
  };

  it('are all here', () => {
    const encoders = (module: object) => Object.keys(module).filter((name) => name.startsWith('encode'));
    expect(encoders(requests).sort()).toEqual(Object.keys(FRAGMENTS).sort());
    // The third takes a fragment, and those are made above.
    expect(encoders(frames).sort()).toEqual(['encodeLinkService', 'encodeLinkTest', 'encodeUserData']);
  });

  it.each(Object.entries(FRAGMENTS))(
    '%s: no function that commands, and nothing written but restart and clock',
    (_, made) => {
      fc.assert(
        fc.property(made, (fragment) => {
          if (!fragment) return;
          expect(FUNCTIONS).toContain(fragment[1]);
          if (fragment[1] !== WRITE) return;
          const dissected = dissectDnp3Request(frames.encodeUserData(10, 1, encodeSegment(0, fragment)));
          const service = expect.stringMatching(/^(clear restart|write time)$/);
          expect(dissected).toMatchObject({ ok: true, value: { service, effect: 'session' } });
        }),
        RUNS,
      );
    },
  );

  it('of the link layer are what the manifest declares, and a test', () => {
    const services = ['resetLinkStates', 'requestLinkStatus', 'acknowledge', 'refuse', 'linkStatus'] as const;
    const link = fc.oneof(
      made(frames.encodeLinkService, fc.constantFrom(...services), anyNumber, anyNumber),
      made(frames.encodeLinkTest, anyNumber, anyNumber, fc.boolean()),
    );
    const declared = [...manifest.outbound.map(({ service }) => service), 'link test'];
    fc.assert(
      fc.property(link, (frame) => {
        const dissected = frame && dissectDnp3Request(frame);
        if (!dissected?.ok) return;
        expect(dissected.value.effect).toBe('session');
        expect(declared).toContain(dissected.value.service);
      }),
      RUNS,
    );
  });
});

describe('the requests of OPC UA', () => {
  const anyText = fc.oneof(fc.string(), fc.constant(undefined), anyNumber);
  const anyBytes = fc.uint8Array({ maxLength: 40 });
  const anyEnvelope = fc.record({
    channel: anyNumber,
    token: anyNumber,
    sequence: anyNumber,
    request: anyNumber,
    session: fc.oneof(fc.constant(Uint8Array.of(0, 0)), anyBytes),
    at: fc.oneof(fc.nat(), fc.double()),
    timeoutMs: anyNumber,
  });
  const identifier = fc.oneof(anyNumber, fc.string(), fc.record({ guid: fc.boolean(), bytes: anyBytes }));
  const node = fc.record({ namespace: anyNumber, identifier });
  const place = fc.record({ node, range: anyText, handle: anyNumber, events: fc.boolean() });
  const places = fc.array(place, { maxLength: 20 });
  const terms = fc.record({
    publishMs: anyNumber,
    lifetimeCount: anyNumber,
    keepAliveCount: anyNumber,
    maxNotifications: anyNumber,
  });
  const rhythm = fc.record({ samplingMs: anyNumber, queueSize: anyNumber });
  const report = fc.record({ subscription: anyNumber, sequence: anyNumber });

  /** Everything that makes a message, and arguments of every kind for it. */
  const MESSAGES: Readonly<Record<Encoders<typeof uaRequests>, fc.Arbitrary<Uint8Array | undefined>>> = {
    encodeOpenSecureChannel: made(uaRequests.encodeOpenSecureChannel, anyEnvelope, fc.boolean(), anyNumber),
    encodeCloseSecureChannel: made(uaRequests.encodeCloseSecureChannel, anyEnvelope),
    encodeCreateSession: made(uaRequests.encodeCreateSession, anyEnvelope, anyText, anyText, anyNumber, anyNumber),
    encodeActivateSession: made(uaRequests.encodeActivateSession, anyEnvelope, anyText),
    encodeCloseSession: made(uaRequests.encodeCloseSession, anyEnvelope),
    encodeRead: made(uaRequests.encodeRead, anyEnvelope, places),
    encodeCreateSubscription: made(uaRequests.encodeCreateSubscription, anyEnvelope, terms),
    encodeCreateMonitoredItems: made(uaRequests.encodeCreateMonitoredItems, anyEnvelope, anyNumber, places, rhythm),
    encodePublish: made(uaRequests.encodePublish, anyEnvelope, fc.array(report, { maxLength: 20 })),
    encodeRepublish: made(uaRequests.encodeRepublish, anyEnvelope, report),
    encodeDeleteSubscriptions: made(uaRequests.encodeDeleteSubscriptions, anyEnvelope, fc.array(anyNumber)),
  };
  const declared = opcuaManifest.outbound.map(({ service }) => service);

  it('are all here, and of every service there is one', () => {
    expect(Object.keys(uaRequests).sort()).toEqual(Object.keys(MESSAGES).sort());
    expect(Object.keys(envelopes).filter((name) => name.startsWith('encode'))).toEqual([
      'encodeHello',
      'encodeMessage',
    ]);
    expect(Object.keys(MESSAGES)).toHaveLength(Object.keys(SERVICE).length);
  });

  it.each(Object.entries(MESSAGES))('%s: what the manifest declares', (_, messages) => {
    let understood = 0;
    fc.assert(
      fc.property(messages, (frame) => {
        const dissected = frame && dissectOpcUaRequest(frame);
        if (!dissected?.ok) return;
        understood++;
        expect(declared).toContain(dissected.value.service);
        expect(['read', 'session']).toContain(dissected.value.effect);
      }),
      RUNS,
    );
    expect(understood).toBeGreaterThan(0);
  });

  it('have no other number, whatever number is asked for', () => {
    const numbers = fc.oneof(fc.nat(0xffff), anyNumber) as fc.Arbitrary<ServiceNumber>;
    fc.assert(
      fc.property(
        made(
          envelopes.encodeMessage,
          numbers,
          anyEnvelope,
          fc.constant(() => {}),
        ),
        (frame) => {
          const dissected = frame && dissectOpcUaRequest(frame);
          if (dissected?.ok) expect(declared).toContain(dissected.value.service);
        },
      ),
      RUNS,
    );
  });
});

type Encoders<M> = Extract<keyof M, `encode${string}`>;

/** What an encoder makes of any arguments; `undefined` where it refuses them. */
function made<A extends unknown[]>(
  encode: (...args: A) => Uint8Array,
  ...args: { [K in keyof A]: fc.Arbitrary<unknown> }
): fc.Arbitrary<Uint8Array | undefined> {
  return fc.tuple(...args).map((given) => {
    try {
      return encode(...(given as A));
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return undefined;
    }
  });
}
