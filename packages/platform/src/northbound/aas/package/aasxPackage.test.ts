import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { plantModel, viewOf, wholeEnvironment } from '../testbed/plantModel.ts';
import { aasxPackage } from './aasxPackage.ts';
import { environmentXml } from './environmentXml.ts';

const whole = wholeEnvironment(viewOf(await plantModel()));

describe('an AASX package', () => {
  it.each(['json', 'xml'] as const)('holds its content as %s, and the way to it', (form) => {
    const files = unzipSync(aasxPackage(whole, form));
    const text = (name: string) => strFromU8(files[name]);
    expect(Object.keys(files)[0]).toBe('[Content_Types].xml');
    expect(text('_rels/.rels')).toContain('relationships/aasx-origin" Target="/aasx/aasx-origin"');
    expect(text('aasx/_rels/aasx-origin.rels')).toContain(`relationships/aas-spec" Target="/aasx/data.${form}"`);
    expect(text('[Content_Types].xml')).toContain(`Extension="${form}"`);
    expect(text(`aasx/data.${form}`)).toBe(form === 'xml' ? environmentXml(whole) : JSON.stringify(whole));
  });

  it('of the same environment is the same bytes', () => {
    expect(Buffer.from(aasxPackage(whole, 'json')).equals(aasxPackage(whole, 'json'))).toBe(true);
  });
});

describe('XML', () => {
  it('has the parts in the order of the schema, each list with members of the right name', () => {
    const [shell] = whole.assetAdministrationShells!;
    const id = 'https://acme.example/aas/';
    const key = (of: string) => `<key><type>Submodel</type><value>${id}submodel/${of}/acme</value></key>`;
    const link = (of: string) => `<reference><type>ModelReference</type><keys>${key(of)}</keys></reference>`;
    const links = ['nameplate', 'time-series', 'structure', 'operational-data'].map(link).join('');
    const named = (name: string) => `<specificAssetId><name>${name}</name><value>acme</value></specificAssetId>`;
    expect(environmentXml({ assetAdministrationShells: [shell] })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<environment xmlns="https://admin-shell.io/aas/3/0"><assetAdministrationShells><assetAdministrationShell>' +
        '<idShort>acme</idShort><displayName><langStringNameType><language>en</language><text>acme</text>' +
        `</langStringNameType></displayName><id>${id}shell/acme</id><assetInformation><assetKind>Instance</assetKind>` +
        `<globalAssetId>${id}asset/acme</globalAssetId><specificAssetIds>${named('assetId')}${named('path')}` +
        `</specificAssetIds></assetInformation><submodels>${links}</submodels>` +
        '</assetAdministrationShell></assetAdministrationShells></environment>\n',
    );
  });

  it('carries every text of the JSON, with markup in it made harmless', () => {
    const xml = environmentXml(whole);
    expect(xml).toContain('<value>&lt;two&gt;</value>');
    expect(xml).toContain('Acme &amp; Sons');
    const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
    const json = JSON.stringify(whole);
    // A property's value is a text in both; those of lists are wrapped once more.
    for (const part of [
      'idShort',
      'semanticId',
      'first',
      'second',
      'globalAssetId',
      'valueType',
      'language',
      'qualifiers',
    ]) {
      expect(count(xml, new RegExp(`<${part}>`, 'g')), part).toBe(count(json, new RegExp(`"${part}":`, 'g')));
    }
  });
});
