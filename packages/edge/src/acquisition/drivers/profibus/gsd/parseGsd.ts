/**
 * Reads a GSD file of any revision up to 5: the keywords that bear on inputs, outputs and diagnosis, and no others.
 *
 * Keywords that it does not know are skipped, since every manufacturer has his own; what it knows has to be right.
 *
 * Source: Specification for PROFIBUS Device Description and Device Integration, volume 1: GSD, version 5.1.
 */

import type { Gsd, GsdModule } from './gsd.ts';
import { type GsdDefect, type GsdStatement, parseNumber, readStatements, shortened } from './gsdLines.ts';
import { UnitDiagnosisBuilder } from './unitDiagnosisBuilder.ts';

export interface ParsedGsd {
  /** `undefined` where there are defects. */
  readonly gsd: Gsd | undefined;
  readonly defects: readonly GsdDefect[];
}

/** The largest files of real devices have one megabyte. */
const MAX_TEXT_LENGTH = 4_000_000;
const MAX_DEFECTS = 50;
/** Chk_Cfg carries no more. */
const MAX_CONFIGURATION_BYTES = 244;
const MAX_BYTE = 255;
const BIT_RATE_KEYWORD = /^(\d+(?:\.\d+)?)(m?)_supp$/;
/** Blocks in which the keywords of other blocks mean something else. */
const SKIPPED_BLOCKS = new Map([
  ['prmtext', 'endprmtext'],
  ['extuserprmdata', 'endextuserprmdata'],
  ['slotdefinition', 'endslotdefinition'],
]);

export function parseGsd(text: string): ParsedGsd {
  if (text.length > MAX_TEXT_LENGTH) {
    return { gsd: undefined, defects: [{ line: 1, detail: `the file has more than ${MAX_TEXT_LENGTH} characters` }] };
  }
  const { statements, defects } = readStatements(text);
  const reader = new GsdFileReader(defects);
  for (const statement of statements) reader.take(statement);
  const gsd = reader.end(statements.at(-1)?.line ?? 1);
  const sorted = defects.sort((a, b) => a.line - b.line).slice(0, MAX_DEFECTS);
  return { gsd: sorted.length === 0 ? gsd : undefined, defects: sorted };
}

class GsdFileReader {
  readonly #defects: GsdDefect[];
  readonly #texts = new Map<string, string>();
  readonly #numbers = new Map<string, number>();
  readonly #bitRates: number[] = [];
  readonly #modules: GsdModule[] = [];
  readonly #unitDiagnosis = new UnitDiagnosisBuilder();
  readonly #typedDiagnosis = new Map<number, UnitDiagnosisBuilder>();
  readonly #channelErrors = new Map<number, string>();
  #identified = false;
  /** The block that the statement at hand stands in: its end, and where it began. */
  #block: { readonly end: string; readonly line: number } | undefined;
  /** Where the texts of diagnosis at hand belong. */
  #diagnosis = this.#unitDiagnosis;
  #areaEnd: string | undefined;

  constructor(defects: GsdDefect[]) {
    this.#defects = defects;
  }

  take(statement: GsdStatement): void {
    const { keyword, line } = statement;
    if (keyword === '#profibus_dp') this.#identified = true;
    else if (keyword === this.#block?.end) this.#endBlock();
    else if (this.#block && SKIPPED_ENDS.has(this.#block.end)) return;
    else if (BLOCK_ENDS.has(keyword)) this.#refuse(line, `${keyword} ends a block that has not begun`);
    else if (SKIPPED_BLOCKS.has(keyword)) this.#beginBlock(SKIPPED_BLOCKS.get(keyword)!, line);
    else if (keyword === 'module') this.#takeModule(statement);
    else if (this.#block?.end === 'endmodule') return;
    else if (keyword === 'unitdiagtype') this.#beginTyped(statement);
    else this.#takeKeyword(statement);
  }

  end(lastLine: number): Gsd | undefined {
    if (!this.#identified) this.#refuse(1, 'the file has no line #Profibus_DP, with which a GSD file begins');
    if (this.#block) this.#refuse(this.#block.line, `the block that begins here has no ${this.#block.end}`);
    const ident = this.#numbers.get('ident_number');
    const vendor = this.#texts.get('vendor_name');
    const model = this.#texts.get('model_name');
    for (const [keyword, value] of Object.entries({ Vendor_Name: vendor, Model_Name: model, Ident_Number: ident })) {
      if (value === undefined) this.#refuse(lastLine, `${keyword} is missing`);
    }
    if (ident === undefined || vendor === undefined || model === undefined) return undefined;
    return {
      revision: this.#numbers.get('gsd_revision'),
      vendor,
      model,
      ident,
      modular: this.#numbers.get('modular_station') === 1,
      maxModules: this.#numbers.get('max_module'),
      maxInputBytes: this.#numbers.get('max_input_len'),
      maxOutputBytes: this.#numbers.get('max_output_len'),
      maxDiagnosisBytes: this.#numbers.get('max_diag_data_len'),
      bitRates: this.#bitRates,
      modules: this.#modules,
      unitDiagnosis: this.#unitDiagnosis,
      typedDiagnosis: this.#typedDiagnosis,
      channelErrors: this.#channelErrors,
    };
  }

  #takeKeyword(statement: GsdStatement): void {
    const { keyword } = statement;
    const bitRate = BIT_RATE_KEYWORD.exec(keyword);
    if (bitRate) {
      if (this.#number(statement, 1) === 1)
        this.#bitRates.push(Math.round(Number(bitRate[1]) * (bitRate[2] ? 1e6 : 1e3)));
    } else if (TEXT_KEYWORDS.has(keyword)) {
      this.#keep(this.#texts, statement, this.#text(statement));
    } else if (NUMBER_KEYWORDS.has(keyword)) {
      this.#keep(this.#numbers, statement, this.#number(statement, NUMBER_KEYWORDS.get(keyword)!));
    } else {
      this.#takeDiagnosis(statement);
    }
  }

  /** Within `UnitDiagType` the same keywords begin with `X_`. */
  #takeDiagnosis(statement: GsdStatement): void {
    const keyword = statement.keyword.replace(/^x_/, '');
    switch (keyword) {
      case 'unit_diag_bit':
        this.#takeText(this.#diagnosis.bits, statement);
        break;
      case 'unit_diag_not_bit':
        this.#takeText(this.#diagnosis.notBits, statement);
        break;
      case 'unit_diag_area':
        this.#beginArea(statement);
        break;
      case 'unit_diag_area_end':
        if (this.#areaEnd === undefined) this.#refuse(statement.line, 'Unit_Diag_Area_End without Unit_Diag_Area');
        this.#areaEnd = undefined;
        break;
      case 'value':
        if (this.#areaEnd !== undefined) this.#takeText(this.#diagnosis.areas.at(-1)!.texts, statement);
        break;
      case 'channel_diag':
        this.#takeText(this.#channelErrors, statement);
        break;
      default:
    }
  }

  #takeModule({ line, value = '' }: GsdStatement): void {
    if (this.#block) this.#refuse(line, `Module stands in a block that begins in line ${this.#block.line}`);
    this.#beginBlock('endmodule', line);
    const [, name, identifiers] = /^"([^"]*)"\s*(.*)$/s.exec(value) ?? [];
    const bytes = identifiers
      ?.split(/[\s,]+/)
      .filter((word) => word !== '')
      .map(parseNumber);
    if (bytes?.every((byte) => byte <= MAX_BYTE) && bytes.length <= MAX_CONFIGURATION_BYTES) {
      this.#modules.push({ name: name.trim(), configuration: Uint8Array.from(bytes), line });
    } else {
      this.#refuse(line, `Module = ${shortened(value)}: a name in quotation marks and bytes belong there`);
    }
  }

  #beginTyped(statement: GsdStatement): void {
    this.#beginBlock('endunitdiagtype', statement.line);
    const type = this.#number(statement, MAX_BYTE);
    if (type === undefined) return;
    this.#diagnosis = new UnitDiagnosisBuilder();
    this.#typedDiagnosis.set(type, this.#diagnosis);
  }

  #beginArea({ line, value = '' }: GsdStatement): void {
    const defect = this.#diagnosis.beginArea(value);
    if (defect === undefined) this.#areaEnd = value;
    else this.#refuse(line, `Unit_Diag_Area = ${shortened(value)} ${defect}`);
  }

  #beginBlock(end: string, line: number): void {
    this.#block = { end, line };
  }

  #endBlock(): void {
    this.#block = undefined;
    this.#diagnosis = this.#unitDiagnosis;
    this.#areaEnd = undefined;
  }

  #takeText(texts: Map<number, string>, statement: GsdStatement): void {
    const text = this.#text(statement);
    if (statement.index === undefined) this.#refuse(statement.line, `${statement.keyword} has no number in brackets`);
    else if (text !== undefined) texts.set(statement.index, text);
  }

  /** What is written twice counts as it stands first. */
  #keep<T>(values: Map<string, T>, { keyword, line }: GsdStatement, value: T | undefined): void {
    if (value === undefined) return;
    if (values.has(keyword)) this.#refuse(line, `${keyword} stands in the file twice`);
    else values.set(keyword, value);
  }

  #text({ keyword, line, value = '' }: GsdStatement): string | undefined {
    const match = /^"([^"]*)"$/s.exec(value);
    if (match) return match[1].trim();
    this.#refuse(line, `${keyword} = ${shortened(value)}: a text in quotation marks belongs there`);
    return undefined;
  }

  #number({ keyword, line, value = '' }: GsdStatement, highest: number): number | undefined {
    const number = parseNumber(value);
    if (number <= highest) return number;
    this.#refuse(line, `${keyword} = ${shortened(value)}: a number from 0 to ${highest} belongs there`);
    return undefined;
  }

  #refuse(line: number, detail: string): void {
    this.#defects.push({ line, detail });
  }
}

const SKIPPED_ENDS = new Set(SKIPPED_BLOCKS.values());
const BLOCK_ENDS = new Set([...SKIPPED_ENDS, 'endmodule', 'endunitdiagtype']);
const TEXT_KEYWORDS = new Set(['vendor_name', 'model_name']);
/** Each with the highest value that it can have. */
const NUMBER_KEYWORDS = new Map([
  ['gsd_revision', 255],
  ['ident_number', 0xffff],
  ['modular_station', 1],
  ['max_module', 255],
  ['max_input_len', 255],
  ['max_output_len', 255],
  ['max_diag_data_len', 255],
]);
