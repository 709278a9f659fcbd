/** The keys of a device that are its driver's, as the driver wants them, with the files that they name. */

import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { readText } from '@tidegate/config/readText.ts';
import type { z } from 'zod';
import type { AnyDriver } from '../acquisition/driver.ts';
import type { Drivers } from './loadDrivers.ts';
import { besideFile } from './readTagLists.ts';

type DeviceKeys = Readonly<Record<string, unknown>> & { readonly protocol?: string | undefined };

export interface DeviceOptions {
  /** For each device; `undefined` where its driver is unknown, or something is wrong with its keys. */
  readonly options: readonly unknown[];
  /** What is wrong in the files; the keys themselves are checked with the document. */
  readonly defects: readonly Defect[];
}

/** `devices` as they are written, without any default. */
export async function readDeviceOptions(
  document: ConfigDocument,
  devices: readonly (DeviceKeys | undefined)[],
  drivers: Drivers,
): Promise<DeviceOptions> {
  const defects: Defect[] = [];
  const options = devices.map(async (keys, index) => {
    const driver = drivers.get(keys?.protocol ?? '');
    if (!driver || !keys) return undefined;
    const own: Record<string, unknown> = Object.fromEntries(
      Object.entries(keys).filter(([key]) => Object.hasOwn(driver.options.shape, key)),
    );
    for (const key of driver.fileOptions ?? []) {
      if (typeof own[key] === 'string')
        own[key] = await readFileOption(document, index, key, own[key], driver, defects);
    }
    return driver.options.safeParse(own).data;
  });
  return { options: await Promise.all(options), defects };
}

/** The path and the text of the file, as the driver takes them; adds to `defects` what is wrong with it. */
async function readFileOption(
  document: ConfigDocument,
  device: number,
  key: string,
  path: string,
  { options }: AnyDriver,
  defects: Defect[],
): Promise<unknown> {
  const text = await readText(besideFile(document.file, path), 'latin1');
  if (!text.ok) {
    defects.push(...text.defects);
    return path;
  }
  const loaded = { path, text: text.value };
  const parsed = (options.shape[key] as z.ZodType).safeParse(loaded);
  for (const issue of parsed.error?.issues ?? []) {
    const { message, hint } = fileIssue(issue);
    defects.push(document.defect(['devices', device, key], message, hint));
  }
  return loaded;
}

/** A key that takes a path or a loaded file is a union: what is wrong with the file is in the branch of the file. */
function fileIssue(issue: z.core.$ZodIssue): { readonly message: string; readonly hint: string | undefined } {
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat().find(({ code }) => code === 'custom');
    if (inner) return fileIssue(inner);
  }
  const { hint } = (issue.code === 'custom' && issue.params) || {};
  return { message: issue.message, hint: typeof hint === 'string' ? hint : undefined };
}
