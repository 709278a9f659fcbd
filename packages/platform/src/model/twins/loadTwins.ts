/** Makes the templates of twins from the texts of a model; what is wrong is left out and said, and the rest works. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { AssetModel, ModelTexts } from '../assets/assetModel.ts';
import { readFitText } from './fit/fitText.ts';
import { TwinReader } from './twinReader.ts';
import type { TwinFit, TwinTemplate, TwinTemplates } from './twinTemplate.ts';
import { TwinText } from './twinText.ts';

export interface LoadedTwins {
  readonly twins: TwinTemplates;
  readonly defects: readonly Defect[];
}

const TWIN_FILE = /^twins\/.+\.ya?ml$/i;
const FIT_FILE = /\.fit\.ya?ml$/i;

/** Reads `twins/*.yaml`, and what was fitted from `twins/*.fit.yaml`; never throws for what the texts hold. */
export function loadTwins(texts: ModelTexts, model: AssetModel): LoadedTwins {
  const defects: Defect[] = [];
  const twins = new Map<string, TwinTemplate>();
  const files = [...texts].filter(([file]) => TWIN_FILE.test(file)).sort(([a], [b]) => (a < b ? -1 : 1));
  const fits = readFits(files, defects);
  for (const [file, text] of files.filter(([name]) => !FIT_FILE.test(name))) {
    const document = ConfigDocument.parse(file, text);
    const read = document.validate(TwinText);
    if (!read.ok) {
      defects.push(...read.defects);
      continue;
    }
    const { type: name } = read.value;
    const type = model.types.get(name);
    if (!type) {
      const nearest = nearestWord(name, [...model.types.keys()]);
      const hint = nearest ? `did you mean "${nearest}"?` : 'name a type of the folder types';
      defects.push(document.defect(['type'], `there is no type "${name}"`, hint));
    } else if (twins.has(name)) {
      const { file: first, line } = twins.get(name)!.place;
      defects.push(document.defect(['type'], `the twin of "${name}" is in ${first}:${line} already`, 'merge the two'));
    } else twins.set(name, new TwinReader(document, type, model, defects).read(read.value, fits.get(name) ?? []));
  }
  return { twins, defects };
}

/** By type. */
function readFits(files: readonly (readonly [string, string])[], defects: Defect[]): Map<string, TwinFit[]> {
  const byType = new Map<string, TwinFit[]>();
  for (const [file, text] of files.filter(([name]) => FIT_FILE.test(name))) {
    const { fits, defects: found } = readFitText(file, text);
    defects.push(...found);
    if (fits) byType.set(fits.type, [...(byType.get(fits.type) ?? []), ...fits.fits]);
  }
  return byType;
}
