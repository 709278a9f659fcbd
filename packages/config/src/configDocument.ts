/** A YAML 1.2 file as data, every part of which still knows the line it stands on. */

import { isAlias, isMap, isSeq, type Node, type Pair, parseDocument, type Document as YamlTree } from 'yaml';
import type { z } from 'zod';
import type { DataPath } from './dataPath.ts';
import { type ConfigResult, type Defect, FILE_START, makeDefect, type Place } from './defect.ts';
import { LineIndex } from './lineIndex.ts';
import { readText } from './readText.ts';
import { zodDefects } from './zodDefects.ts';

/** Which part of a `key: value` a defect concerns. */
type PairPart = 'key' | 'value';

/** About six seconds of parsing, in which nothing else is done. */
const MAX_CHARACTERS = 4_000_000;

export class ConfigDocument {
  readonly file: string;
  /** The content as plain data; `undefined` where the file could not be read as YAML. */
  readonly data: unknown;
  /** What was wrong before any schema was asked: the file, the syntax, keys that stand twice. */
  readonly defects: readonly Defect[];
  readonly #tree: YamlTree | undefined;
  readonly #lines: LineIndex;

  private constructor(file: string, defects: readonly Defect[], lines: LineIndex, tree?: YamlTree, data?: unknown) {
    this.file = file;
    this.defects = defects;
    this.#lines = lines;
    this.#tree = tree;
    this.data = data;
  }

  /** Reads a file; never throws, whatever the file holds. */
  static async read(file: string): Promise<ConfigDocument> {
    const text = await readText(file);
    return text.ok ? ConfigDocument.parse(file, text.value) : new ConfigDocument(file, text.defects, new LineIndex(''));
  }

  /** Parses the text of the file named `file`, whose lines end in `\n`. */
  static parse(file: string, text: string): ConfigDocument {
    const lines = new LineIndex(text);
    const refuse = (message: string, place = FILE_START, hint?: string) =>
      new ConfigDocument(file, [makeDefect('config.syntax', file, place, message, hint)], lines);
    if (text.length > MAX_CHARACTERS) {
      const message = `is longer than ${MAX_CHARACTERS / 1e6} million characters, which is too much for YAML`;
      return refuse(message, FILE_START, 'split the file, or write its lists as CSV');
    }
    try {
      const tree = parseDocument(text, { prettyErrors: false, merge: true });
      const defects: Defect[] = [];
      for (const error of [...tree.errors, ...tree.warnings]) {
        const place = lines.placeOf(error.pos[0]);
        if (error.code === 'DUPLICATE_KEY') {
          const message = 'this key stands twice in the same map';
          defects.push(makeDefect('config.syntax', file, place, message, 'remove one of the two'));
          continue;
        }
        // What follows a syntax error is guesswork, and so would every further message be.
        return refuse(lowerFirst(error.message), place, 'the rest of the file is checked when this is right');
      }
      if (tree.contents === null) return refuse('is empty');
      return new ConfigDocument(file, defects, lines, tree, tree.toJS());
    } catch (error) {
      // The parser descends by recursion, and it counts how often aliases multiply: it throws where there is no end.
      const tooDeep = error instanceof RangeError;
      return refuse(tooDeep ? 'is nested too deeply' : lowerFirst((error as Error).message));
    }
  }

  /** The document as `schema` wants it, or every defect. */
  validate<S extends z.ZodType>(schema: S): ConfigResult<z.output<S>> {
    if (this.#tree === undefined) return { ok: false, defects: this.defects };
    const parsed = schema.safeParse(this.data, { reportInput: true });
    if (parsed.success && this.defects.length === 0) return { ok: true, value: parsed.data };
    const found = parsed.success ? [] : zodDefects(parsed.error, schema);
    return {
      ok: false,
      defects: [
        ...this.defects,
        ...found.map(({ path, part, message, hint, code }) =>
          makeDefect(code, this.file, this.place(path, part), message, hint),
        ),
      ],
    };
  }

  /** A defect of the part at `path`, for what only the program that uses the configuration can know. */
  defect(path: DataPath, message: string, hint?: string): Defect {
    return makeDefect('config.invalid', this.file, this.place(path), message, hint);
  }

  /** Where the part at `path` stands; where it does not exist, the nearest part around it that does. */
  place(path: DataPath, part: PairPart = 'value'): Place {
    let node = this.#resolve(this.#tree?.contents);
    let offset = offsetOf(node) ?? 0;
    for (const [depth, key] of path.entries()) {
      const pair = isMap(node) ? this.#findPair(node.items, key) : undefined;
      const child = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
      if (pair === undefined && child === undefined) break;
      const isTarget = depth === path.length - 1;
      const byKey = pair && (isTarget ? part === 'key' || !isScalarLike(child) : true);
      const anchor = byKey ? (pair.key as Node) : (child as Node);
      offset = offsetOf(anchor) ?? offsetOf(pair?.key as Node) ?? offset;
      node = this.#resolve(child as Node);
    }
    return this.#lines.placeOf(offset);
  }

  #resolve(node: Node | null | undefined): Node | undefined {
    const target = isAlias(node) && this.#tree ? node.resolve(this.#tree) : node;
    return target ?? undefined;
  }

  /** The pair with a key, looked for in the maps merged by `<<` as well. */
  #findPair(pairs: readonly Pair[], key: PropertyKey): Pair | undefined {
    const own = pairs.find((pair) => keyText(pair) === String(key));
    if (own) return own;
    const merged = pairs.find((pair) => keyText(pair) === '<<')?.value as Node | undefined;
    const source = this.#resolve(merged);
    for (const map of isSeq(source) ? source.items : [source]) {
      const target = this.#resolve(map as Node);
      const pair = isMap(target) && target.items !== pairs ? this.#findPair(target.items, key) : undefined;
      if (pair) return pair;
    }
    return undefined;
  }
}

/** Reads, parses and validates a YAML file: the data, or everything that is wrong with them. Never throws. */
export async function loadDocument<S extends z.ZodType>(file: string, schema: S): Promise<ConfigResult<z.output<S>>> {
  const document = await ConfigDocument.read(file);
  return document.validate(schema);
}

function keyText(pair: Pair): string {
  const key = (pair.key as { value?: unknown } | null)?.value ?? '';
  return typeof key === 'symbol' ? (key.description ?? '') : String(key);
}

function offsetOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}

/** A scalar stands on the line of its key; a list or map begins further down, where a reader would not look for it. */
function isScalarLike(node: unknown): boolean {
  return !isMap(node) && !isSeq(node);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
