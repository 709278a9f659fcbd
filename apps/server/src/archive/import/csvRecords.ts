/** Cuts a text into the records and fields of CSV (RFC 4180), a piece at a time, and tells where it is none. */

/** `null` where nothing stands between two separators: `""` is an empty text. */
export type CsvField = string | null;

export type CsvRecord =
  | { readonly line: number; readonly fields: readonly CsvField[] }
  | { readonly line: number; readonly defect: string };

const SEPARATORS = [',', ';', '\t'] as const;
const UNCLOSED = 'a quote that opens here is never closed';
const MISPLACED =
  'a quote stands where none may be: a field with a quote in it stands between quotes, and the quote is doubled';
/** A record that is longer is none: a quote was forgotten. */
const MAX_RECORD_LENGTH = 16 * 1024 * 1024;

export class CsvRecords {
  #separator: string | undefined;
  #text = '';
  /** Number of the line with which `#text` begins. */
  #line = 1;

  /** The separator that the first line uses most. */
  get separator(): string | undefined {
    return this.#separator;
  }

  /** The records that end within `text`, the next piece; where `isLast`, all that are left. Empty lines are none. */
  push(text: string, isLast: boolean): CsvRecord[] {
    this.#text += text;
    this.#separator ??= findSeparator(this.#text, isLast);
    if (this.#separator === undefined) return [];
    const records: CsvRecord[] = [];
    let at = 0;
    while (at < this.#text.length) {
      const end = this.#take(at, isLast, records);
      if (end === undefined) break;
      at = end;
    }
    this.#text = this.#text.slice(at);
    return records;
  }

  /** Takes the record at `at` and gives where the next one begins; `undefined` where it does not end yet. */
  #take(at: number, isLast: boolean, records: CsvRecord[]): number | undefined {
    const text = this.#text;
    const newline = text.indexOf('\n', at);
    if (newline < 0 && !isLast) return undefined;
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    if (content.includes('"')) return this.#takeQuoted(at, isLast, records);
    const line = this.#line++;
    if (content !== '') records.push({ line, fields: content.split(this.#separator!).map((field) => field || null) });
    return end + 1;
  }

  #takeQuoted(from: number, isLast: boolean, records: CsvRecord[]): number | undefined {
    const text = this.#text;
    const fields: CsvField[] = [];
    let at = from;
    for (;;) {
      if (text[at] === '"') {
        const close = closingQuote(text, at + 1);
        if (close < 0) return this.#giveUp(from, isLast, records);
        fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
        at = close + 1;
      } else {
        const end = fieldEnd(text, at, this.#separator!);
        const field = text.slice(at, end);
        if (field.includes('"')) return this.#refuse(from, MISPLACED, records);
        fields.push(field || null);
        at = end;
      }
      if (text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length)) at++;
      if (at >= text.length && !isLast) return undefined;
      if (at >= text.length || text[at] === '\n') break;
      if (text[at] !== this.#separator) return this.#refuse(from, MISPLACED, records);
      at++;
    }
    records.push({ line: this.#line, fields });
    this.#line += newlinesBetween(text, from, at) + 1;
    return at + 1;
  }

  /** A quote that does not close within what is here: more is needed, or its line is given up. */
  #giveUp(from: number, isLast: boolean, records: CsvRecord[]): number | undefined {
    if (!isLast && this.#text.length - from <= MAX_RECORD_LENGTH) return undefined;
    return this.#refuse(from, UNCLOSED, records);
  }

  /** Reading goes on with the next line. */
  #refuse(from: number, defect: string, records: CsvRecord[]): number {
    records.push({ line: this.#line++, defect });
    const newline = this.#text.indexOf('\n', from);
    return newline < 0 ? this.#text.length : newline + 1;
  }
}

/** Where the quote stands that closes a field, after any that are doubled; -1 where none does. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function fieldEnd(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

function newlinesBetween(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function findSeparator(text: string, isLast: boolean): string | undefined {
  const end = text.indexOf('\n');
  if (end < 0 && !isLast) return undefined;
  const header = text.slice(0, end < 0 ? text.length : end);
  const count = (separator: string) => header.split(separator).length;
  return SEPARATORS.reduce<string>((best, one) => (count(one) > count(best) ? one : best), ',');
}
