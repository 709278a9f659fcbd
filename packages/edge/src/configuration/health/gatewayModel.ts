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
const HOW_TO_WRITE = 'write it with: tidegate health models WATCH --save NUMBER --to FILE';

const documentSchema = z.looseObject({
  card: z.looseObject({ watch: z.string(), number: z.int().min(1) }),
  profile: z.unknown(),
});

export class GatewayModel {
  readonly file: string;
  /** Where it was learned: the id of the watch, and the number of the model. */
  readonly watch: string;
  readonly number: number;
  /** SHA-256 of the document, hexadecimal. */
  readonly digest: string;
  readonly #profile: LearnedProfile;

  private constructor(
    file: string,
    text: string,
    card: { readonly watch: string; readonly number: number },
    profile: LearnedProfile,
  ) {
    this.file = file;
    this.watch = card.watch;
    this.number = card.number;
    this.digest = createHash('sha256').update(text).digest('hex');
    this.#profile = profile;
  }

  /** Not a part of the configuration as text, in which the digest stands for it. */
  get profile(): LearnedProfile {
    return this.#profile;
  }

  /** The model in `file`, or what is wrong with that; never throws. */
  static async read(file: string): Promise<GatewayModel | Defect> {
    const text = await readText(file);
    if (!text.ok) return text.defects[0];
    const refuse = (message: string, hint: string) => makeDefect('config.invalid', file, FILE_START, message, hint);
    if (text.value.length > MAX_CHARACTERS) return refuse('is longer than 64 million characters', HOW_TO_WRITE);
    const document = documentSchema.safeParse(parseJson(text.value));
    if (!document.success) return refuse('is no document of a learned model', HOW_TO_WRITE);
    const { card, profile } = document.data;
    const read = profileFromJson(profile);
    if (!read.ok) return refuse(`the learned model is damaged: ${read.fault.detail}`, `${HOW_TO_WRITE}, again`);
    if (read.value.needsOutside)
      return refuse('the model was learned elsewhere, and judges at the server only', HOW_TO_WRITE);
    const { intervalUs } = read.value.spec;
    if (intervalUs < LEAST_INTERVAL_US || !Number.isInteger(intervalUs)) {
      const message = `the model judges every ${intervalUs / 1_000} ms, and a gateway once a second at most`;
      return refuse(message, 'learn one from a watch with a longer "every"');
    }
    return new GatewayModel(file, text.value, card, read.value);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
