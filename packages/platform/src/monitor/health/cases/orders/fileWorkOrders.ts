/** Work orders as files in a directory, for whoever fetches them: `<key>.json` for programs, `<key>.txt` for people. */

import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { replaceFile } from '@tidegate/journal/replaceFile.ts';
import type { WorkOrder, WorkOrderPort } from '../workOrderPort.ts';
import { orderDocument, orderText } from './orderDocument.ts';

/** Keys are made by us, and yet no key leads out of the directory. */
const KEY = /^[\w-]{1,64}$/;

export class FileWorkOrders implements WorkOrderPort {
  readonly name: string;
  readonly #directory: string;

  constructor(name: string, directory: string) {
    this.name = name;
    this.#directory = directory;
  }

  /** The reference is the name of the JSON file, which appears whole and last, and is written once. */
  async place(order: WorkOrder): Promise<Result<string>> {
    if (!KEY.test(order.key)) return failure('health.order-failed', `"${order.key}" is no key of an order.`);
    const reference = `order-${order.key}.json`;
    const file = join(this.#directory, reference);
    try {
      await mkdir(this.#directory, { recursive: true });
      if (await isThere(file)) return success(reference);
      await replaceFile(join(this.#directory, `order-${order.key}.txt`), orderText(order));
      await replaceFile(file, `${JSON.stringify(orderDocument(order), undefined, 2)}\n`);
      return success(reference);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return failure('health.order-failed', message);
    }
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
