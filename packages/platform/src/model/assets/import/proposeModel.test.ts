import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadAssetModel } from '../loadAssetModel.ts';
import { readIsaTag } from './isaTag.ts';
import { readKks } from './kksDesignation.ts';
import { proposeModel } from './proposeModel.ts';

it.each<[string, string, string] | [string, undefined]>([
  ['PIC-101A', 'P-101A', 'pressure-control'],
  ['TT-2034', 'T-2034', 'temperature'],
  ['FT100', 'F-100', 'flow'],
  ['PDT-12', 'PD-12', 'differential-pressure'],
  ['FQI-7010', 'FQ-7010', 'flow-total'],
  ['LSHH-301', 'L-301', 'level-switch-high-high'],
  ['TAL-5', undefined],
  ['TAL-50', 'T-50', 'temperature-alarm-low'],
  ['PSV-110', 'PS-110', 'safety-pressure-valve'],
  ['FCV-110B', 'F-110B', 'flow-valve'],
  ['ZSO-17', 'Z-17', 'position-switch-open'],
  ['FFIC-20', 'FF-20', 'flow-ratio-control'],
  ['20-PIC-101.SP', '20-P-101', 'pressure-control-setpoint'],
  ['pt 310', 'P-310', 'pressure'],
  ['PUMP-101', undefined],
  ['MOTOR', undefined],
  ['PIC-101.XYZ', undefined],
])('%s by ISA-5.1', (name, loop, attribute?: string) => {
  const isa = readIsaTag(name);
  expect(isa && [isa.loop, isa.attribute]).toEqual(loop && [loop, attribute]);
});

it.each<[string, unknown]>([
  ['10LAC10AP001', ['10', 'LAC10', 'AP001', 'pump', undefined]],
  ['1 HAD 20 CP 001 XQ01', ['1', 'HAD20', 'CP001', 'pressure measurement', 'XQ01']],
  ['=10LBA10.CT005', ['10', 'LBA10', 'CT005', 'temperature measurement', undefined]],
  ['MKA10', ['', 'MKA10', undefined, undefined, undefined]],
  ['10LAC10AP001-MM01', ['10', 'LAC10', 'AP001', 'pump', 'MM01']],
  ['10OAC10AP001', undefined],
  ['FIC100', undefined],
])('%s by KKS', (name, parts) => {
  const kks = readKks(name);
  expect(kks && [kks.unit, kks.system, kks.equipment, kks.equipmentMeaning, kks.component]).toEqual(parts);
});

const propose = async (csv: string | Uint8Array, name = 'tags.csv') => {
  const proposed = await proposeModel(name, typeof csv === 'string' ? strToU8(csv) : csv);
  if (!proposed.ok) throw new Error(proposed.fault.detail);
  const loaded = await loadAssetModel(proposed.value.texts);
  return { ...proposed.value, ...loaded };
};

describe('a proposal', () => {
  it('finds types where paths repeat, with their parts', async () => {
    const signals = ['driver/speed,/min,0,9000', 'driver/power,kW,0,5000', 'flow,m3/h,,'];
    const rows = [1, 2, 3].flatMap((train) => signals.map((signal) => `acme/north/train-${train}/${signal}`));
    const csv = [
      'Tag Name,EU,Low,High',
      ...rows,
      'acme/north/train-4/flow,m3/h,,',
      'acme/north/ambient,degC,,',
      '',
    ].join('\n');
    const { texts, model, defects, reasons } = await propose(csv);
    expect(defects).toEqual([]);
    expect(texts.get('assets/train.csv')).toBe(
      'path,type\nacme/north/train-1,train\nacme/north/train-2,train\nacme/north/train-3,train\n',
    );
    expect([...texts.keys()]).toEqual(['types/proposed.yaml', 'assets/train.csv', 'assets/others.yaml']);
    expect(model.assets.get('acme/north/train-2/driver')).toMatchObject({ type: 'driver', level: 'component' });
    expect(model.types.get('driver')?.attributes.get('speed')).toMatchObject({ unit: '/min', low: 0, high: 9000 });
    expect(model.assets.get('acme/north/train-2/driver')?.attributes.get('power')?.source).toEqual({
      kind: 'tag',
      path: 'acme/north/train-2/driver/power',
    });
    expect(model.assets.get('acme/north')?.attributes.get('ambient')).toMatchObject({ unit: 'Cel' });
    const said = reasons.map(({ subject, reason }) => `${subject}: ${reason}`);
    expect(said).toContain('acme/north/train-4: is like train, but lacks driver');
    expect(said).toContain('acme/north/ambient: its unit "degC" is written Cel in UCUM');
  });

  it('makes loops of ISA-5.1 names, and doubts units that do not fit', async () => {
    const csv =
      'TAG;DESCRIPTION;UNITS\nPT-101;Suction;kPa\nPIC-101;Suction;kPa\nPT-102;Discharge;kPa\nPIC-102;Discharge;kPa\nTT-7;x;bar\nTT-70;Bearing;bar\nwhat;;\n';
    const { model, defects, reasons, tags } = await propose(csv);
    expect([defects, tags]).toEqual([[], 7]);
    expect(model.assets.get('plant/P-102')).toMatchObject({ type: 'pressure-loop' });
    expect(model.assets.get('plant/P-102')?.attributes.get('pressure-control')?.source).toEqual({
      kind: 'tag',
      path: 'PIC-102',
    });
    const said = reasons.map(({ subject, reason }) => `${subject}: ${reason}`);
    expect(said).toContain('plant/T-70/temperature: bar is no unit of what its name says it measures');
    expect(said).toContain('what: left out: it is neither a path nor a name by ISA-5.1 or KKS');
  });

  it('makes systems and machines of KKS designations', async () => {
    const names = [1, 2].flatMap((unit) =>
      ['LAC10AP001 XB01', 'LAC10AP002 XB01', 'LAC10CP001 XQ01', 'LAC10CP001 XH01'].map((rest) => `${unit}0 ${rest}`),
    );
    const { model, defects } = await propose(`KKS,Text\n${names.join(',x\n')},x\n`);
    expect(defects).toEqual([]);
    expect(model.assets.get('plant/unit-20/LAC10/AP002')).toMatchObject({ type: 'pump' });
    expect([...model.assets.get('plant/unit-10/LAC10')!.attributes.keys()]).toEqual([
      'pressure-001',
      'pressure-001-xh01',
    ]);
  });

  it('reads spreadsheets', async () => {
    const { model, defects } = await propose(workbook(), 'tags.xlsx');
    expect(defects).toEqual([]);
    expect(model.assets.get('acme/pump-1')?.attributes.get('flow')).toMatchObject({ unit: 'm3/h', high: 100 });
  });

  it.each<[string, string, string]>([
    ['nothing', 'x.csv', ''],
    ['no column of tags', 'x.csv', 'a,b\n1,2\n'],
    ['no tags', 'x.csv', 'tag,unit\n'],
    ['no spreadsheet', 'x.xlsx', 'PK nothing'],
  ])('is refused of %s', async (_, name, text) => {
    const proposed = await proposeModel(name, strToU8(text));
    expect(!proposed.ok && proposed.fault.code).toBe('model.import');
  });

  it('can be loaded whatever the list holds', async () => {
    const part = fc.oneof(
      fc.constantFrom('a', 'b', 'pump-1', 'pump-2', 'PT-101', 'TT-20', '10LAC10AP001', 'x.y', 'tag:a,b'),
      fc.string({ maxLength: 5 }),
    );
    const name = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom('/', '.', '\\'))
      .map(([parts, by]) => parts.join(by));
    const unit = fc.constantFrom('', 'kW', 'degC', 'odd', 'bar');
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, unit, fc.string()), { minLength: 1, maxLength: 12 }), async (rows) => {
        const text = ['tag,unit,description', ...rows.map((row) => row.map(cell).join(','))].join('\n');
        const proposed = await proposeModel('x.csv', strToU8(text));
        if (proposed.ok) expect((await loadAssetModel(proposed.value.texts)).defects).toEqual([]);
        else expect(proposed.fault.code).toBe('model.import');
      }),
      { numRuns: 500 },
    );
  });
});

/** The least that a spreadsheet program would write (ECMA-376 Part 1, 18.3). */
function workbook(): Uint8Array {
  const cells = (row: number, values: readonly (string | number)[]) =>
    values
      .map((value, index) => {
        const at = `${'ABCDE'[index]}${row}`;
        if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
        return `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
      })
      .join('');
  const rows = [
    ['Instrument list'],
    ['Tag', 'Description', 'Unit', 'Min', 'Max'],
    ['acme/pump-1/flow', 'Flow', 'm3/h', 0, 100],
    ['acme/pump-2/flow', 'Flow', 'm3/h', 0, 100],
  ];
  const sheet = rows.map((row, index) => `<row r="${index + 1}">${cells(index + 1, row)}</row>`).join('');
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return zipSync({
    '[Content_Types].xml': strToU8(
      `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    ),
    '_rels/.rels': strToU8(
      `${head}<Relationships xmlns="${relations}"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': strToU8(
      `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Tags" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `${head}<Relationships xmlns="${relations}"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/worksheets/sheet1.xml': strToU8(
      `${head}<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`,
    ),
  });
}
