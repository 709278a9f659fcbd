/** The event frames of a model, from `frames/*.yaml`: each for one asset, or for every asset of a type. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { z } from 'zod';
import type { Expression } from '../../historian/query/expression/expressionNode.ts';
import { parseExpression } from '../../historian/query/expression/parseExpression.ts';
import type { Asset, AssetModel, ModelTexts } from '../../model/assets/assetModel.ts';
import { AssetScope, modelFiles } from '../../model/assets/assetScope.ts';
import { ModelDefects, type PlaceFinder } from '../../model/assets/text/modelDefects.ts';
import { CAPTURES, FRAME_KINDS, type FrameTemplate } from './frameTemplate.ts';

export interface LoadedFrames {
  /** By name. */
  readonly templates: ReadonlyMap<string, FrameTemplate>;
  readonly defects: readonly Defect[];
}

const duration = z
  .string()
  .refine((text) => parseDurationMs(text) !== undefined, { error: 'is no length of time, such as 30s or 5min' })
  .transform((text) => (parseDurationMs(text) ?? 0) * US_PER_MS);
const condition = z.string().min(1).describe('an expression such as "\'state\' == 2"');

const frameSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][\w .-]{0,62}$/)
      .describe('a name such as run'),
    kind: z.enum(FRAME_KINDS).default('other'),
    description: z.string().default(''),
    type: z.string().optional().describe('every asset of this type'),
    asset: z.string().optional().describe('the path or the id of an asset'),
    while: condition.optional(),
    start: condition.optional(),
    end: condition.optional(),
    least: duration.default(0).describe('shorter than this it is none'),
    bridge: duration.default(0).describe('a shorter pause does not end it'),
    within: z.string().optional().describe('the frames that these lie within'),
    figures: z
      .record(z.string(), z.strictObject({ attribute: z.string().min(1), capture: z.enum(CAPTURES) }))
      .default({}),
  })
  .superRefine((frame, context) => {
    const refuse = (message: string, hint: string, path: string[]) =>
      context.issues.push({ code: 'custom', message, input: frame, path, params: { hint } });
    if ((frame.type === undefined) === (frame.asset === undefined)) {
      refuse('needs a type or an asset, and not both', 'type: of every asset of it; asset: of one', []);
    }
    if ((frame.while === undefined) === (frame.start === undefined)) {
      refuse('says when it holds, or when it starts, and not both', 'while: an expression; or start: and end:', []);
    }
    if (frame.while !== undefined && frame.end !== undefined) {
      refuse('ends when it no longer holds', 'leave `end` out, or write `start` in place of `while`', ['end']);
    }
  });
type FrameText = z.output<typeof frameSchema>;

const fileSchema = z.looseObject({ frames: z.array(z.looseObject({})).default([]) });

/** Never throws for what the texts hold; what is wrong is left out, and the rest works. */
export function loadFrames(texts: ModelTexts, model: AssetModel): LoadedFrames {
  const loading = new FrameLoading(model);
  for (const [file, text] of modelFiles(texts, 'frames')) loading.readFile(file, text);
  return loading.finish();
}

class FrameLoading {
  readonly #scope: AssetScope;
  readonly #defects = new ModelDefects();
  readonly #templates = new Map<string, FrameTemplate>();
  readonly #places = new Map<string, PlaceFinder>();

  constructor(model: AssetModel) {
    this.#scope = new AssetScope(model, this.#defects);
  }

  readFile(file: string, text: string): void {
    const document = ConfigDocument.parse(file, text);
    const content = document.validate(fileSchema);
    if (!content.ok) this.#defects.addAll(content.defects);
    for (const [index, written] of content.ok ? content.value.frames.entries() : []) {
      const placeOf: PlaceFinder = (path, part) => ({ file, ...document.place(['frames', index, ...path], part) });
      const parsed = frameSchema.safeParse(written, { reportInput: true });
      if (parsed.success) this.#add(parsed.data, placeOf);
      else this.#defects.addIssues(parsed.error, frameSchema, file, placeOf);
    }
  }

  finish(): LoadedFrames {
    for (const [name, template] of this.#templates) this.#checkNesting(name, template);
    return { templates: this.#templates, defects: this.#defects.list() };
  }

  #add(text: FrameText, placeOf: PlaceFinder): void {
    const assets = this.#scope.assetsOf(text, placeOf);
    const starts = this.#condition(
      text.while ?? text.start ?? '',
      [text.while === undefined ? 'start' : 'while'],
      assets,
      placeOf,
    );
    const ends = text.end === undefined ? undefined : this.#condition(text.end, ['end'], assets, placeOf);
    const figures = Object.entries(text.figures).map(([name, figure]) => ({ name, ...figure }));
    const known = figures.filter(({ name, attribute }) =>
      this.#sees(assets, attribute, ['figures', name, 'attribute'], placeOf),
    );
    if (this.#templates.has(text.name)) {
      this.#defects.add(placeOf(['name']), `there are two frames "${text.name}"`, 'give one of them another name');
    } else if (assets && starts && (text.end === undefined || ends)) {
      this.#places.set(text.name, placeOf);
      this.#templates.set(text.name, {
        ...{ name: text.name, kind: text.kind, description: text.description, type: text.type },
        asset: text.asset === undefined ? undefined : assets[0]?.id,
        ...{
          start: starts,
          end: ends,
          leastUs: text.least,
          bridgeUs: text.bridge,
          within: text.within,
          figures: known,
        },
        place: placeOf([]),
      });
    }
  }

  #condition(
    text: string,
    field: DataPath,
    assets: readonly Asset[] | undefined,
    placeOf: PlaceFinder,
  ): Expression | undefined {
    const parsed = parseExpression(text);
    if (!parsed.ok) {
      this.#defects.add(placeOf(field), parsed.fault.detail, "attributes stand in single quotes: 'state' == 2");
      return undefined;
    }
    const isWhole = parsed.value.tags.map((name) => this.#sees(assets, name, field, placeOf)).every(Boolean);
    return isWhole ? parsed.value : undefined;
  }

  /** Whether every asset has the attribute. */
  #sees(assets: readonly Asset[] = [], name: string, field: DataPath, placeOf: PlaceFinder): boolean {
    return assets.map((asset) => this.#scope.attribute(asset, name, field, placeOf)).every(Boolean);
  }

  /** Frames that lie within themselves, by whatever way, lie nowhere. */
  #checkNesting(name: string, template: FrameTemplate): void {
    const seen = new Set([name]);
    for (let at = template.within; at !== undefined; at = this.#templates.get(at)?.within) {
      const place = this.#places.get(name)?.(['within']) ?? template.place;
      if (!this.#templates.has(at)) {
        const nearest = nearestWord(at, [...this.#templates.keys()]);
        this.#defects.add(place, `there are no frames "${at}"`, nearest && `did you mean "${nearest}"?`);
      } else if (!seen.has(at)) {
        seen.add(at);
        continue;
      } else
        this.#defects.add(
          place,
          `frames "${name}" lie within themselves: ${[...seen, at].join(', ')}`,
          'leave out one `within`',
        );
      this.#templates.set(name, { ...template, within: undefined });
      return;
    }
  }
}
