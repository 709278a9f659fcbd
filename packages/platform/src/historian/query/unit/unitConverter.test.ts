import fc from 'fast-check';
import { expect, it } from 'vitest';
import { converterBetween } from './unitConverter.ts';

async function convert(from: string, to: string, ...values: number[]): Promise<number[]> {
  const result = await converterBetween(from, to);
  if (!result.ok) throw new Error(result.fault.detail);
  const column = Float64Array.from(values);
  result.value.convert(column);
  return [...column];
}

/** From the definitions of the units, not from the library. */
it.each([
  ['Cel', '[degF]', 0, 32],
  ['Cel', '[degF]', 100, 212],
  ['Cel', '[degF]', -40, -40],
  ['[degF]', 'Cel', 212, 100],
  ['[degF]', 'Cel', 32, 0],
  ['Cel', 'K', 20, 293.15],
  ['K', 'Cel', 0, -273.15],
  ['bar', 'kPa', 1.5, 150],
  ['[psi]', 'bar', 14.5037737730209, 1],
  ['bar{gauge}', 'kPa', 2, 200],
  ['m3/h', 'L/s', 3.6, 1],
  ['m3{normal}/h', 'm3{normal}/s', 3_600, 1],
  ['[gal_us]/min', 'L/min', 1, 3.785411784],
  ['kW.h', 'MJ', 1, 3.6],
  ['MW', 'kW', 1.5, 1_500],
  ['/min', 'Hz', 3_000, 50],
  ['%', '1', 50, 0.5],
  ['mm[Hg]', 'Pa', 1, 133.322],
  ['t/h', 'kg/s', 3.6, 1],
  ['d', 'h', 2, 48],
  ['anything at all', 'anything at all', 5, 5],
])('from %s to %s: %f is %f', async (from, to, value, expected) => {
  const [converted] = await convert(from, to, value);
  expect(Math.abs(converted - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)) * 10);
});

it.each([
  ['psi', 'bar', '"psi" is no UCUM code; did you mean [psi]?'],
  ['bar', 'psi', '"psi" is no UCUM code; did you mean [psi]?'],
  ['°C', 'K', '"°C" is no UCUM code; did you mean Cel?'],
  ['kWh', 'J', '"kWh" is no UCUM code; did you mean kW.h?'],
  ['rpm', 'Hz', '"rpm" is no UCUM code; did you mean /min?'],
  ['barg', 'Pa', '"barg" is no UCUM code; did you mean bar{gauge}?'],
  ['meter', 'km', '"meter" is no UCUM code; did you mean m?'],
  ['foo', 'm', '"foo" is no UCUM code.'],
  ['', 'm', 'The tag has no unit, or none is asked for; a number without a unit is 1.'],
  ['m.'.repeat(40), 'm', 'A unit has at most 64 characters.'],
  ['m(', 'm', '"m(" is no UCUM code.'],
  ['kg / h', 'm', '"kg / h" is no UCUM code: it may have no spaces and no letters beyond ASCII.'],
  ['constructor', 'm', '"constructor" is no UCUM code.'],
  ['__proto__', 'm', '"__proto__" is no UCUM code.'],
])('%s to %s: a unit is unknown', async (from, to, detail) => {
  expect(await converterBetween(from, to)).toEqual({ ok: false, fault: { code: 'unit.unknown', detail } });
});

it.each([
  ['m3/h', 'kg/s'],
  ['Cel', 'bar'],
  ['mol', 'g'],
  ['dB', '1'],
  ['B[W]', 'W'],
  ['[pH]', 'mol/L'],
  ['bar{gauge}', 'bar{absolute}'],
  ['10*400', '1'],
])('%s is not converted to %s', async (from, to) => {
  expect(await converterBetween(from, to)).toMatchObject({ ok: false, fault: { code: 'unit.incommensurable' } });
});

it('there and back is where it was', async () => {
  const groups = [
    ['Cel', '[degF]', 'K', '[degR]'],
    ['bar', 'Pa', '[psi]', 'mm[Hg]', 'atm'],
    ['m3/h', 'L/s', '[gal_us]/min'],
  ];
  const pair = fc
    .constantFrom(...groups)
    .chain((group) => fc.tuple(fc.constantFrom(...group), fc.constantFrom(...group)));
  await fc.assert(
    fc.asyncProperty(pair, fc.double({ min: -1e6, max: 1e6, noNaN: true }), async ([from, to], value) => {
      const [there] = await convert(from, to, value);
      const [back] = await convert(to, from, there);
      expect(Math.abs(back - value)).toBeLessThan(1e-8);
    }),
  );
});

it('any text is a unit or a fault', async () => {
  const near = fc.stringMatching(/^[mkgsKJWhCel0-9./()*{}[\]-]{1,12}$/);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), near), async (text) => {
      const result = await converterBetween(text, 'm');
      if (result.ok) expect(Number.isFinite(result.value.scale)).toBe(true);
      else expect(result.fault.code).toMatch(/^unit\./);
    }),
    { numRuns: 500 },
  );
});
