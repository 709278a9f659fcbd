/** The publication in this process, for tests that publish often: the process of its own takes most of a second to start. */

import type { OpenLakeSource } from '../lakeSource.ts';
import { LakePublication } from '../publish/lakePublication.ts';
import type { LakePublisher } from '../publish/lakePublisher.ts';

export function publisherWithin(directory: string): Pick<LakePublisher, 'publish' | 'close'> {
  return {
    async publish(days, place, published = () => {}) {
      const { openLakeSource } = (await import(place.module)) as { readonly openLakeSource: OpenLakeSource };
      const source = await openLakeSource(structuredClone(place.spec));
      if (!source.ok) return source;
      const limits = { memoryBytes: 2 ** 28, threads: 1 };
      const order = { directory, days, source: place, limits, maxPartRows: 100_000, graceMs: 0 };
      return LakePublication.run(order, source.value, published).finally(() => source.value.close());
    },
    close: async () => {},
  };
}
