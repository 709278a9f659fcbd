/** Gathers what is wrong with a model; what many assets of a type suffer from is said once, with how many they are. */

import type { DataPath } from '@tidegate/config/dataPath.ts';
import { type Defect, makeDefect } from '@tidegate/config/defect.ts';
import { zodDefects } from '@tidegate/config/zodDefects.ts';
import type { z } from 'zod';
import type { ModelPlace } from '../assetModel.ts';

interface Count {
  readonly defect: Defect;
  readonly first: string;
  assets: number;
}

/** What is wrong in ten thousand places of a file is seen from the first. */
const MOST_OF_ONE_FILE = 200;

export class ModelDefects {
  readonly #single: Defect[] = [];
  readonly #byText = new Map<string, Count>();
  readonly #perFile = new Map<string, number>();

  add(place: ModelPlace, message: string, hint?: string, code: Defect['code'] = 'config.invalid'): void {
    this.addAll([makeDefect(code, place.file, place, message, hint)]);
  }

  addAll(defects: readonly Defect[]): void {
    for (const defect of defects) if (this.#hasRoom(defect.file)) this.#single.push(defect);
  }

  /** Of an asset that has from its type what is wrong: the message names the first asset, and counts the others. */
  addOf(asset: string, place: ModelPlace, message: string, hint?: string): void {
    const key = `${place.file}\n${place.line}\n${place.column}\n${message}`;
    const known = this.#byText.get(key);
    if (known) known.assets++;
    else if (this.#hasRoom(place.file)) {
      const defect = makeDefect('config.invalid', place.file, place, message, hint);
      this.#byText.set(key, { defect, first: asset, assets: 1 });
    }
  }

  /** What a schema found in the part of a document that `placeOf` finds places in. */
  addIssues(error: z.ZodError, schema: z.ZodType, file: string, placeOf: PlaceFinder): void {
    for (const { code, path, part, message, hint } of zodDefects(error, schema)) {
      this.addAll([makeDefect(code, file, placeOf(path, part), message, hint)]);
    }
  }

  /** In the order of files, lines and columns. */
  list(): readonly Defect[] {
    const counted = [...this.#byText.values()].map(({ defect, first, assets }) => {
      const others = assets > 1 ? ` and ${assets - 1} more` : '';
      return { ...defect, message: `${defect.message} (of ${first}${others})` };
    });
    return [...this.#single, ...counted].sort(
      (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
    );
  }

  #hasRoom(file: string): boolean {
    const count = (this.#perFile.get(file) ?? 0) + 1;
    this.#perFile.set(file, count);
    return count <= MOST_OF_ONE_FILE;
  }
}

/** Where the part at a path stands. */
export type PlaceFinder = (path: DataPath, part?: 'key' | 'value') => ModelPlace;
