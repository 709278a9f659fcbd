/** Packs an environment as an AASX file: a ZIP after the Open Packaging Conventions (IDTA 01005-3-0, ECMA-376-2). */

import { strToU8, type Zippable, zipSync } from 'fflate';
import type { Environment } from '../metamodel/environment.ts';
import { environmentXml } from './environmentXml.ts';

/** JSON has no version in it, and so is read by programs of metamodel 3.0 and 3.1; XML has the namespace of 3.0. */
export type AasxForm = 'json' | 'xml';

const ORIGIN = 'aasx/aasx-origin';
const CONTENT = 'aasx/data';
const RELATIONSHIPS = 'http://admin-shell.io/aasx/relationships';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OPC = 'http://schemas.openxmlformats.org/package/2006';
/** The first moment that a ZIP can name, in whatever zone it is read: the same environment gives the same bytes. */
const EPOCH = new Date(1980, 0, 1);

export function aasxPackage(environment: Environment, form: AasxForm): Uint8Array {
  const content = `${CONTENT}.${form}`;
  const parts: Readonly<Record<string, string>> = {
    '[Content_Types].xml': contentTypes(),
    '_rels/.rels': relationship('aasx-origin', ORIGIN),
    [ORIGIN]: 'Intentionally empty.',
    'aasx/_rels/aasx-origin.rels': relationship('aas-spec', content),
    [content]: form === 'xml' ? environmentXml(environment) : JSON.stringify(environment),
  };
  const files = Object.entries(parts).map(([name, text]) => [name, strToU8(text)]);
  return zipSync(Object.fromEntries(files) as Zippable, { mtime: EPOCH, level: 6 });
}

function contentTypes(): string {
  const types = [
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="text/xml"/>',
    '<Default Extension="json" ContentType="application/json"/>',
    `<Override PartName="/${ORIGIN}" ContentType="text/plain"/>`,
  ];
  return `${XML}<Types xmlns="${OPC}/content-types">${types.join('')}</Types>`;
}

/** The one relationship that a part has to another. */
function relationship(kind: string, target: string): string {
  const link = `<Relationship Id="R1" Type="${RELATIONSHIPS}/${kind}" Target="/${target}"/>`;
  return `${XML}<Relationships xmlns="${OPC}/relationships">${link}</Relationships>`;
}
