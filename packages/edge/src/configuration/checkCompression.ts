/** What is wrong with how much a tag leaves out of its readings, and with the compression class that it names. */

import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import {
  type CompressionClasses,
  type CompressionSetting,
  compressionSettings,
  doorObstacle,
} from './completeCompression.ts';
import type { CompressionEntry } from './compressionSchema.ts';
import type { PlacedTag } from './readTagLists.ts';
import type { TagEntry } from './tagSchema.ts';

/** Everything that is wrong with these settings of a tag; `type` is `undefined` where its driver cannot read it. */
export function checkCompression(
  tag: PlacedTag,
  type: TagType | undefined,
  classes: CompressionClasses | undefined,
): Defect[] {
  const { entry } = tag;
  const defects = checkClass(tag, classes);
  const settings = compressionSettings(entry, classes ?? {});
  defects.push(...checkIntervals(settings, (setting, ...text) => tag.defect(placeOf(entry, setting), ...text)));
  const { compressionDeviation: own } = entry;
  const obstacle = type && doorObstacle(entry, type);
  if (type === 'number' && obstacle && own !== undefined && own !== 'off') {
    defects.push(tag.defect('compressionDeviation', ...obstacle));
  }
  if (type === 'number') defects.push(...checkSpan(tag, settings, obstacle === undefined));
  if (classes !== undefined && settings.compressionDeviation === undefined) {
    const stray = (['compressionMinInterval', 'compressionMaxInterval'] as const).find(
      (setting) => entry[setting] !== undefined,
    );
    if (stray) {
      const message = `"${stray}" stands without "compressionDeviation"`;
      defects.push(tag.defect(stray, message, 'without a deviation there is no compression'));
    }
  }
  return defects;
}

/** Told at the class, where the setting is not of the tag itself. */
function placeOf(entry: TagEntry, setting: CompressionSetting): CompressionSetting | 'compression' {
  return entry[setting] === undefined ? 'compression' : setting;
}

function checkClass({ entry: { compression }, defect }: PlacedTag, classes: CompressionClasses | undefined): Defect[] {
  if (compression === undefined || classes === undefined || Object.hasOwn(classes, compression)) return [];
  const names = Object.keys(classes);
  const nearest = nearestWord(compression, names);
  const listed = names.length > 0 ? `one of: ${names.join(', ')}` : 'name it under "compressionClasses"';
  const hint = nearest === undefined ? listed : `did you mean "${nearest}"?`;
  return [defect('compression', `there is no compression class ${JSON.stringify(compression)}`, hint)];
}

/** A minimum above its maximum, of a class as well. */
export function checkIntervals(
  settings: CompressionEntry,
  defect: (setting: CompressionSetting, message: string, hint: string) => Defect,
): Defect[] {
  const pairs = [
    ['minInterval', 'maxInterval'],
    ['compressionMinInterval', 'compressionMaxInterval'],
  ] as const;
  return pairs
    .filter(([min, max]) => (settings[min] ?? 0) > (settings[max] ?? Number.POSITIVE_INFINITY))
    .map(([min]) => defect(min, 'the least interval is longer than the greatest', 'swap the two'));
}

/** A percentage needs something that it is a percentage of. */
function checkSpan(tag: PlacedTag, settings: CompressionEntry, door: boolean): Defect[] {
  const { entry } = tag;
  if (entry.low !== undefined && entry.high !== undefined) return [];
  const { deviation, compressionDeviation } = settings;
  const needy: CompressionSetting[] = [];
  if (deviation?.ofSpan) needy.push('deviation');
  if (door && typeof compressionDeviation === 'object' && compressionDeviation.ofSpan)
    needy.push('compressionDeviation');
  return needy.map((setting) => {
    const message = `"${setting}" is in percent of the span, and the tag has no "low" and "high"`;
    return tag.defect(placeOf(entry, setting), message, 'give both, or the deviation in the unit of the tag');
  });
}
