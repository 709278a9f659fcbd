/** A learned model as a gateway has it: a document that `tidegate health models WATCH --save N --to FILE` wrote. */

import { createHash } from 'node:crypto';
import { type Defect, FILE_START, makeDefect } from '@tidegate/config/defect.ts';
import { readText } from '@tidegate/config/readText.ts';
import type { LearnedProfile } from '@tidegate/health/profile/learnedProfile.ts';
import { profileFromJson } from '@tidegate/health/profile/profileFromJson.ts';
import { z } from 'zod';

/** A model of a hundred features has about 10 MB. */
const MAX_CHARACTERS = 64 * 1024 * 1024;
/** Rows are judged no faster than this. */
const LEAST_INTERVAL_US = 1e6;
const OR_LEAVE_IT = 'or leave this one to the server';
const HOW_TO_WRITE = 'write it with: tidegate health models WATCH --save NUMBER --to FILE';

/** How the server makes the rows that the model judges. */
const said = z.string().max(10_000);
const rowsSchema = z.looseObject({
  condition: said.nullable(),
  features: z.array(z.looseObject({ name: said, measure: said, of: said, tag: said.nullable() })),
});
type Rows = z.output<typeof rowsSchema>;

const documentSchema = z.looseObject({
  card: z.looseObject({ watch: z.string(), number: z.int().min(1) }),
  rows: rowsSchema.nullish(),
  profile: z.unknown(),
});

/** What of the rows a gateway does not make as the server does. */
export interface RowMisfit {
  /** `undefined` where it is all of them. */
  readonly feature: string | undefined;
  readonly message: string;
  readonly hint: string;
}

export class GatewayModel {
  readonly file: string;
  /** Where it was learned: the id of the watch, and the number of the model. */
  readonly watch: string;
  readonly number: number;
  /** SHA-256 of the document, hexadecimal. */
  readonly digest: string;
  readonly #profile: LearnedProfile;
  readonly #rows: Rows;

  private constructor(
    file: string,
    text: string,
    card: { readonly watch: string; readonly number: number },
    profile: LearnedProfile,
    rows: Rows,
  ) {
    this.file = file;
    this.watch = card.watch;
    this.number = card.number;
    this.digest = createHash('sha256').update(text).digest('hex');
    this.#profile = profile;
    this.#rows = rows;
  }

  /** Not a part of the configuration as text, in which the digest stands for it. */
  get profile(): LearnedProfile {
    return this.#profile;
  }

  /** None where a gateway makes the rows as the server does: each feature the average of one tag, over all time. */
  misfits(): readonly RowMisfit[] {
    const { condition, features } = this.#rows;
    const ofFeatures = features.flatMap((feature) => featureMisfit(feature) ?? []);
    if (condition === null) return ofFeatures;
    const message = `the model judges only the time in which ${condition}, and a gateway all of it`;
    const hint = `learn a model of a watch without "while", ${OR_LEAVE_IT}`;
    return [{ feature: undefined, message, hint }, ...ofFeatures];
  }

  /** The model in `file`, or what is wrong with that; never throws. */
  static async read(file: string): Promise<GatewayModel | Defect> {
    const text = await readText(file);
    if (!text.ok) return text.defects[0];
    const refuse = (message: string, hint: string) => makeDefect('config.invalid', file, FILE_START, message, hint);
    if (text.value.length > MAX_CHARACTERS) return refuse('is longer than 64 million characters', HOW_TO_WRITE);
    const document = documentSchema.safeParse(parseJson(text.value));
    if (!document.success) return refuse('is no document of a learned model', HOW_TO_WRITE);
    const { card, rows, profile } = document.data;
    const read = profileFromJson(profile);
    if (!read.ok) return refuse(`the learned model is damaged: ${read.fault.detail}`, `${HOW_TO_WRITE}, again`);
    if (read.value.needsOutside)
      return refuse('the model was learned elsewhere, and judges at the server only', HOW_TO_WRITE);
    const { intervalUs } = read.value.spec;
    if (intervalUs < LEAST_INTERVAL_US || !Number.isInteger(intervalUs)) {
      const message = `the model judges every ${intervalUs / 1_000} ms, and a gateway once a second at most`;
      return refuse(message, 'learn one from a watch with a longer "every"');
    }
    const wrong = rowsDefect(rows, read.value);
    if (wrong) return refuse(wrong.message, wrong.hint);
    return new GatewayModel(file, text.value, card, read.value, rows!);
  }
}

/** Why nobody can say how the rows are made. */
function rowsDefect(rows: Rows | null | undefined, { spec }: LearnedProfile): Omit<RowMisfit, 'feature'> | undefined {
  if (rows === undefined) {
    return {
      message: 'the document does not say how the features of the model are made',
      hint: `${HOW_TO_WRITE}, again`,
    };
  }
  if (rows === null) {
    const hint = 'learn a model of the watch as it is now, and write that';
    return { message: 'the model was learned with other features than its watch had when it was written', hint };
  }
  const names = spec.features.map(({ name }) => name);
  if (JSON.stringify(rows.features.map(({ name }) => name)) === JSON.stringify(names)) return undefined;
  return { message: 'the document tells of other features than the model has', hint: `${HOW_TO_WRITE}, again` };
}

function featureMisfit({ name, measure, of, tag }: Rows['features'][number]): RowMisfit | undefined {
  const feature = `the feature ${JSON.stringify(name)} of the model`;
  if (measure !== 'average') {
    const message = `${feature} is the ${measure} of ${of}, and a gateway makes averages only`;
    return { feature: name, message, hint: `learn a model of a watch in which it is an average, ${OR_LEAVE_IT}` };
  }
  if (tag !== null) return undefined;
  const message = `${feature} is reckoned, ${of}, and a gateway makes averages of single tags only`;
  return { feature: name, message, hint: `learn a model of a watch in which it is a tag, ${OR_LEAVE_IT}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
