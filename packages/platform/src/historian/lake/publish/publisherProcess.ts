/** The process that publishes: it gets one order, carries it out and ends, and with it goes the memory it has taken. */

import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { LakeManifest } from '../lakeManifest.ts';
import type { LakeSourcePlace, OpenLakeSource } from '../lakeSource.ts';
import { LakePublication } from './lakePublication.ts';
import type { PublicationNews, PublicationOrder } from './publicationOrder.ts';

process.once('message', async (order: PublicationOrder) => {
  const end = await carryOut(order);
  // The parent closes the channel when it has the end, and this process then has nothing left to do.
  tell({ end });
});

async function carryOut(order: PublicationOrder): Promise<Result<LakeManifest>> {
  try {
    const source = await openSource(order.source);
    if (!source.ok) return source;
    return await LakePublication.run(order, source.value, (published) => tell({ published })).finally(() =>
      source.value.close(),
    );
  } catch (error) {
    // The disk's own words; everything else is a bug of ours and ends the process.
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined && !/^IO Error/.test(message)) throw error;
    return failure('lake.unwritable', message);
  }
}

async function openSource({ module, spec }: LakeSourcePlace) {
  const { openLakeSource } = (await import(module)) as { readonly openLakeSource: OpenLakeSource };
  return openLakeSource(spec);
}

function tell(news: PublicationNews): void {
  process.send?.(news);
}
