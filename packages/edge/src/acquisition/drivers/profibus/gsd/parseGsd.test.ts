import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../dp/configuration.ts';
import { parseDiagnosis } from '../dp/diagnosis.ts';
import { diagnosisTexts } from './diagnosisTexts.ts';
import { parseGsd } from './parseGsd.ts';
import { laySlots } from './slots.ts';

const TEXT = readFileSync(join(import.meta.dirname, '..', 'testbed', 'compressor.gsd'), 'utf8');
const HEAD = '#Profibus_DP\nVendor_Name="V"\nModel_Name="M"\nIdent_Number=1\n';
const COMPRESSOR = parseGsd(TEXT).gsd!;

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('a GSD file', () => {
  it('tells of the device', () => {
    expect(parseGsd(TEXT).defects).toEqual([]);
    expect(COMPRESSOR).toMatchObject({
      revision: 5,
      vendor: 'Tidegate',
      model: 'Remote I/O; 5 slots',
      ident: 0x4224,
      modular: true,
      maxModules: 5,
      maxInputBytes: 32,
      maxOutputBytes: 16,
      maxDiagnosisBytes: 32,
      bitRates: [9600, 187_500, 1_500_000],
    });
    const modules = COMPRESSOR.modules.map(
      ({ name, configuration }) => `${name}: ${Buffer.from(configuration).toString('hex')}`,
    );
    expect(modules).toEqual([
      '8 DI: 10',
      '8 DO: 20',
      '4 AI, 16 bit: 53',
      '2 AI with 2 status bytes: 5111',
      'Counter: c1004301',
      '8 DO, 2 A: 21',
      '16 DO: 21',
      'Empty slot: 00',
    ]);
  });

  it('may end its lines in any way', () => {
    for (const end of ['\r\n', '\r']) expect(parseGsd(TEXT.replaceAll('\n', end)).gsd).toEqual(COMPRESSOR);
    expect(parseGsd(`\uFEFF${TEXT}`).gsd).toEqual(COMPRESSOR);
  });

  it.each([
    ['no GSD file at all', 'hello\nworld', 1, 'the file has no line #Profibus_DP, with which a GSD file begins'],
    ['a missing keyword', HEAD.replace('Ident_Number=1\n', ''), 3, 'Ident_Number is missing'],
    [
      'a number that is none',
      HEAD.replace('=1', '=x1'),
      4,
      'ident_number = x1: a number from 0 to 65535 belongs there',
    ],
    [
      'a number too large',
      HEAD.replace('=1', '=0x10000'),
      4,
      'ident_number = 0x10000: a number from 0 to 65535 belongs there',
    ],
    [
      'a text without an end',
      HEAD.replace('"V"', '"V'),
      2,
      'vendor_name = "V: a text in quotation marks belongs there',
    ],
    ['a keyword twice', `${HEAD}Ident_Number=2\n`, 5, 'ident_number stands in the file twice'],
    ['a module without an end', `${HEAD}Module="a" 1\n`, 5, 'the block that begins here has no endmodule'],
    [
      'a module in a module',
      `${HEAD}Module="a" 1\nModule="b" 2\nEndModule\n`,
      6,
      'Module stands in a block that begins in line 5',
    ],
    ['an end without a beginning', `${HEAD}\nEndModule\n`, 6, 'endmodule ends a block that has not begun'],
    [
      'a byte too large',
      `${HEAD}Module="a" 0x10,256\nEndModule\n`,
      5,
      'Module = "a" 0x10,256: a name in quotation marks and bytes belong there',
    ],
    [
      'a module without a name',
      `${HEAD}Module=0x10\nEndModule\n`,
      5,
      'Module = 0x10: a name in quotation marks and bytes belong there',
    ],
    ['a bit without a number', `${HEAD}Unit_Diag_Bit = "x"\n`, 5, 'unit_diag_bit has no number in brackets'],
    [
      'an area of no bits',
      `${HEAD}Unit_Diag_Area = 7-3\n`,
      5,
      'Unit_Diag_Area = 7-3 is no range of at most 32 bits within 0 to 495',
    ],
    ['the end of no area', `${HEAD}Unit_Diag_Area_End\n`, 5, 'Unit_Diag_Area_End without Unit_Diag_Area'],
    [
      'what is no statement',
      `${HEAD}\n"lost text"\n`,
      6,
      '""lost text"" is no statement such as Ident_Number = 0x00A2',
    ],
  ])('names the line of %s', (_, text, line, detail) => {
    const { gsd, defects } = parseGsd(text);
    expect(gsd).toBeUndefined();
    expect(defects).toContainEqual({ line, detail });
  });

  it('counts the lines of a statement that goes over several', () => {
    expect(parseGsd(`${HEAD}User_Prm_Data = 1, \\\n 2\nMax_Module = x\n`).defects[0].line).toBe(7);
  });

  it('is met with defects, whatever it holds', () => {
    const line = fc.constantFrom(
      ...TEXT.split('\n'),
      'Module',
      'Module=',
      'EndUnitDiagType',
      'Value(1)=',
      '\\',
      '"',
      '=(',
      'X_Value(3)="a"',
    );
    const mutated = fc.array(fc.oneof({ weight: 5, arbitrary: line }, fc.string()), { maxLength: 80 });
    fc.assert(
      fc.property(mutated, (lines) => {
        const { gsd, defects } = parseGsd(lines.join('\n'));
        expect(gsd === undefined).toBe(defects.length > 0);
        expect(
          defects.every(({ line }) => line >= 1 && line <= Math.max(lines.join('\n').split(/\r\n|\r|\n/).length, 1)),
        ).toBe(true);
      }),
    );
  });

  it('is refused where it is far too long', () => {
    expect(parseGsd(' '.repeat(4_000_001)).defects).toHaveLength(1);
  });
});

describe('slots', () => {
  const lay = (config: string, gsd = true) =>
    laySlots(parseConfiguration(hex(config))!, gsd ? COMPRESSOR : undefined).map(
      ({ slot, name, inputStart, inputBytes, outputStart, outputBytes }) =>
        `${slot} ${name ?? '-'}: in ${inputStart}+${inputBytes} out ${outputStart}+${outputBytes}`,
    );

  it.each([
    [
      'one identifier each',
      '10 20 53',
      ['1 8 DI: in 0+1 out 0+0', '2 8 DO: in 1+0 out 0+1', '3 4 AI, 16 bit: in 1+8 out 1+0'],
    ],
    [
      'a module of two',
      '10 51 11 20',
      ['1 8 DI: in 0+1 out 0+0', '2 2 AI with 2 status bytes: in 1+6 out 0+0', '3 8 DO: in 7+0 out 0+1'],
    ],
    [
      'a special identifier',
      '00 c1 00 43 01 10',
      ['1 Empty slot: in 0+0 out 0+0', '2 Counter: in 0+8 out 0+1', '3 8 DI: in 8+1 out 1+0'],
    ],
    ['two names for the same', '21', ['1 8 DO, 2 A or 16 DO: in 0+0 out 0+2']],
    ['what the file does not know', '10 51 20', ['1 -: in 0+1 out 0+0', '2 -: in 1+4 out 0+0', '3 -: in 5+0 out 0+1']],
    ['nothing', '', []],
  ])('%s', (_, config, expected) => {
    expect(lay(config)).toEqual(expected);
  });

  it('are the identifiers where there is no file', () => {
    expect(lay('10 51 11', false)).toEqual(['1 -: in 0+1 out 0+0', '2 -: in 1+4 out 0+0', '3 -: in 5+2 out 0+0']);
  });
});

describe('texts of a diagnosis', () => {
  it.each([
    ['nothing wrong', '00 0c 00 02 4224', []],
    ['a start-up', '02 05 00 ff 4224', ['not ready for data exchange', 'new parameters required']],
    ['refusals', '46 04 00 02 4224', ['not ready for data exchange', 'configuration refused', 'parameters refused']],
    ['a fault without a name', '08 0c 00 02 4224', ['a fault that the diagnosis does not name']],
    ['modules', '08 0c 00 02 4224 42 05', ['slot 1: faulty', 'slot 3: faulty']],
    [
      'channels',
      '08 0c 00 02 4224 81 40 26 82 43 30 80 40 3f',
      ['slot 2, channel 0: line break', 'slot 3, channel 3: Ice on the sensor', 'slot 1, channel 0: error 31'],
    ],
    ['bits of the device', '08 0c 00 02 4224 03 01 05', ['Fan stopped', 'No auxiliary supply', 'Self test runs']],
    ['a type', '08 0c 00 02 4224 05 81 02 00 01', ['Memory card full']],
    ['bytes without a text', '08 0c 00 02 4224 04 02 01 ff', ['device diagnosis 0201ff']],
  ])('%s', (_, bytes, expected) => {
    expect(diagnosisTexts(parseDiagnosis(hex(bytes))!, COMPRESSOR)).toEqual(expected);
  });

  it('stay few', () => {
    const modules = hex(`08 0c 00 02 4224 7f ${'ff'.repeat(62)}`);
    expect(diagnosisTexts(parseDiagnosis(modules)!, undefined).at(-1)).toBe('476 more');
  });
});
