/** UCUM codes as people write the units; a code that is not known here is shown as it is (ucum.org, table 1 to 4). */

const SIGNS: Readonly<Record<string, string>> = {
  Cel: '\u00b0C',
  '[degF]': '\u00b0F',
  deg: '\u00b0',
  Ohm: '\u03a9',
  '1': '',
  '{1}': '',
};

const POWERS: Readonly<Record<string, string>> = { '2': '\u00b2', '3': '\u00b3' };

export function formatUnit(ucum: string): string {
  const known = SIGNS[ucum];
  if (known !== undefined) return known;
  return ucum
    .replace(/\bCel\b/g, '\u00b0C')
    .replace(/\[(?:degF)\]/g, '\u00b0F')
    .replace(/([a-zA-Z])([23])(?=$|[./])/g, (_, letter: string, power: string) => letter + POWERS[power])
    .replaceAll('.', '\u00b7')
    .replace(/\bu(?=[a-zA-Z])/g, '\u00b5')
    .replace(/[{}]/g, '');
}
