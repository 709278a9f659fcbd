/** Says in the data itself that a gateway was not reading: no line may be drawn from the value before to the one after. */

import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';

/** Gives each tag one sample at `time` without a value, "the source is not operational" (OPC UA Part 4, 7.39.2). */
export function writeOutOfService(sink: SampleSink, tags: readonly number[], time: Timestamp): void {
  const marks = new SampleBlockBuilder();
  for (const tag of tags) {
    marks.pushStatus(tag, time, STATUS.BadOutOfService);
    if (!marks.full) continue;
    sink.write(marks);
    marks.clear();
  }
  if (marks.count > 0) sink.write(marks);
}
