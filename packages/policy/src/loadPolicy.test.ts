import { expect, test } from 'vitest';
import { type Change, mistakesOf } from './testbed/policyText.ts';

const END = '      - { name: security,';

test.each<[what: string, changes: readonly Change[], mistakes: readonly (string | RegExp)[]]>([
  ['nothing', [], []],
  ['an unknown zone', [['to: office', 'to: offices']], ['24  there is no zone offices; did you mean office?']],
  [
    'two zones of a name',
    [['name: dmz', 'name: plant']],
    [/^10 {2}the name "plant" is taken; the other is at policy.yaml:3:/],
  ],
  [
    'a gateway in two zones',
    [['relays: { gate-1: 192.0.2.70 }', 'relays: { gate-1: 192.0.2.70 }\n    gateways: { north: 192.0.2.71 }']],
    [
      /^15 {2}the gateway north is in the zone plant, too; the other is at/,
      /no conduit leads out of the zone of north/,
    ],
  ],
  [
    'an address twice',
    [['south: { address: 192.0.2.12', 'south: { address: 192.0.2.11']],
    [/^9 {2}192.0.2.11 is taken/],
  ],
  [
    'an address outside of its zone',
    [['north: 192.0.2.11', 'north: 192.0.2.200']],
    ['8  192.0.2.200 of the gateway north is not in the zone plant; its addresses are 192.0.2.0/26'],
  ],
  [
    'networks that overlap',
    [['"2001:db8::/32"', '192.0.2.60/31']],
    [/^18 {2}192.0.2.60\/31 overlaps 192.0.2.0\/26 of the zone plant/],
  ],
  [
    'a way back',
    [
      ['from: plant', 'from: office'],
      ['to: office', 'to: plant'],
    ],
    [
      /^8 {2}no conduit leads out of the zone of north/,
      /^9 {2}no conduit leads out of the zone of south/,
      /^24 {2}data cannot flow from it \(office\) to ot \(plant\); exchange from and to; nothing flows back/,
      /gate-1 is in dmz/,
    ],
  ],
  [
    'a conduit that is weaker than its zone',
    [['via: gate-1\n    securityLevel: 3', 'via: gate-1\n    securityLevel: 2']],
    ['26  the security level 2 is below that of the zone plant; at least 3, or the zone is no better'],
  ],
  [
    'a port to fetch from where there is no relay',
    [['via: gate-1', 'fetchPort: 7421']],
    ['25  out has no relay that the server could fetch from; name it with `via`'],
  ],
  [
    'a server that devices call',
    [['diode: enp4s0', 'listen: [20000]']],
    ['20  no device calls in at history; only a gateway reads devices'],
  ],
  ['an unknown relay', [['via: gate-1', 'via: gate-2']], ['25  there is no relay gate-2; the relays are gate-1']],
  [
    'a relay that is not between',
    [
      ['    relays: { gate-1: 192.0.2.70 }\n', ''],
      ['    gateways:\n', '    relays: { gate-1: 192.0.2.13 }\n    gateways:\n'],
    ],
    [/the relay gate-1 is in plant \(ot\), which is not between the zones; a relay is in a zone of the kind dmz/],
  ],
  [
    'a diode without an interface',
    [['via: gate-1', 'via: diode']],
    ['25  north has no interface for the diode of out; north: { address: 192.0.2.11, diode: enp3s0 }'],
  ],
  [
    'a flow that an earlier one leaves nothing',
    [[END, `      - { name: more, tags: [acme/x/**], classification: internal, purpose: x }\n${END}`]],
    [/^39 {2}"acme\/x\/\*\*" never fits: the flow values takes all of it before; put the narrower pattern first;/],
  ],
  [
    'a flow of another lane that is left something',
    [
      [
        END,
        `      - { name: more, tags: [acme/x/recipe/a], lane: operational, classification: internal, purpose: x }\n${END}`,
      ],
      ['tags: ["acme/**"]', 'tags: ["acme/**"]\n        lane: analytical'],
    ],
    [],
  ],
  [
    'a classification that is not declared',
    [['classification: confidential', 'classification: confidentiall']],
    ['31  "confidentiall" is not a classification; did you mean confidential?'],
  ],
  [
    'a flow without a classification',
    [['classification: internal, purpose: maintenance', 'purpose: maintenance']],
    ['38  the flow health has no classification; one of internal, confidential'],
  ],
  [
    'a flow about nothing, and one about two things',
    [
      ['devices: ["plc-*"], ', ''],
      ['events: [guard.*, boundary.*]', 'events: [guard.*], tags: ["acme/x"]'],
    ],
    [/^38 {2}does not say what may cross/, /^39 {2}has tags and events/],
  ],
  ['a pattern that is none', [['acme/*/recipe/**', 'acme//recipe']], [/^29 {2}"acme\/\/recipe" has an empty segment/]],
  ['a key that is none', [['maxRate', 'maxrate']], [/unknown key "maxrate"; did you mean "maxRate"/]],
])('%s', (_, changes, mistakes) => {
  const found = mistakesOf(...changes);
  expect(found).toHaveLength(mistakes.length);
  for (const mistake of mistakes) {
    expect(found).toContainEqual(typeof mistake === 'string' ? mistake : expect.stringMatching(mistake));
  }
});

test('all mistakes are told at once, in the order of the lines', () => {
  const found = mistakesOf(['to: office', 'to: ofice'], ['192.0.2.12', '192.0.2.11'], ['confidential\n', 'secret\n']);
  expect(found.map((line) => Number.parseInt(line, 10))).toEqual([9, 24, 31]);
});
