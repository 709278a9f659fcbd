/** Answers in columns as an Arrow IPC stream: what pandas, Polars, DuckDB and R read without parsing. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Data, DataType, RecordBatch } from 'apache-arrow';
import type { AnswerColumn, AnswerSeries, ColumnAnswer } from './columnAnswer.ts';

const US_PER_DAY = 86_400_000_000;

type Arrow = typeof import('apache-arrow');

/** A column of Arrow: its name, and the data of the rows. */
interface Field {
  readonly name: string;
  readonly data: Data;
}

/** One record batch for each series; the library is loaded by the first answer. */
export async function* answerArrow({ series }: ColumnAnswer): AsyncGenerator<Uint8Array> {
  const arrow = await import('apache-arrow');
  const writer = new arrow.RecordBatchStreamWriter();
  const batches = series.map((one) => batchOf(arrow, one));
  const first = batches[0] ?? new arrow.RecordBatch(new arrow.Schema([]));
  writer.reset(undefined, first.schema);
  for (const batch of batches) writer.write(batch);
  writer.finish();
  yield* writer;
}

function batchOf(arrow: Arrow, { labels, columns, rows }: AnswerSeries): RecordBatch {
  const fields = [
    ...labels.map(({ name, value }) => labelField(arrow, name, value, rows)),
    ...columns.flatMap((column) => fieldsOf(arrow, column, rows)),
  ];
  const schema = new arrow.Schema(fields.map(({ name, data }) => new arrow.Field(name, data.type, true)));
  const children = fields.map(({ data }) => data);
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length: rows, nullCount: 0, children });
  return new arrow.RecordBatch(schema, data as never);
}

function labelField(arrow: Arrow, name: string, value: string | number, rows: number): Field {
  if (typeof value === 'string') return { name, data: textData(arrow, rows, () => value) };
  return {
    name,
    data: arrow.makeData({ type: new arrow.Int32(), length: rows, data: new Int32Array(rows).fill(value) }),
  };
}

/** A value makes two columns: the number, and the text where it is one. */
function fieldsOf(arrow: Arrow, column: AnswerColumn, length: number): Field[] {
  const { name } = column;
  switch (column.kind) {
    case 'time': {
      const present = bitmap(length, (row) => !Number.isNaN(column.values[row]));
      const data = BigInt64Array.from(column.values, (us) => (Number.isNaN(us) ? 0n : BigInt(us)));
      const type = new arrow.TimestampMicrosecond('UTC');
      return [{ name, data: arrow.makeData({ type, length, data, ...present }) }];
    }
    case 'number': {
      const present = bitmap(length, (row) => !Number.isNaN(column.values[row]));
      return [{ name, data: arrow.makeData({ type: new arrow.Float64(), length, data: column.values, ...present }) }];
    }
    case 'count':
    case 'status':
      return [{ name, data: arrow.makeData({ type: new arrow.Uint32(), length, data: column.values }) }];
    case 'flag': {
      const { nullBitmap: data } = bitmap(length, (row) => column.values[row] === 1);
      const present = bitmap(length, (row) => column.nulls?.[row] !== 1);
      return [{ name, data: arrow.makeData({ type: new arrow.Bool(), length, data, ...present }) }];
    }
    case 'integer': {
      const present = bitmap(length, (row) => column.nulls?.[row] !== 1);
      return [{ name, data: arrow.makeData({ type: new arrow.Int64(), length, data: column.values, ...present }) }];
    }
    case 'date': {
      const present = bitmap(length, (row) => !Number.isNaN(column.values[row]));
      const data = Int32Array.from(column.values, (us) => us / US_PER_DAY);
      return [{ name, data: arrow.makeData({ type: new arrow.DateDay(), length, data, ...present }) }];
    }
    case 'text':
      return [{ name, data: textData(arrow, length, (row) => column.values[row]) }];
    case 'value': {
      const { values, kinds, strings } = column.values;
      const present = bitmap(length, (row) => kinds[row] === ValueKind.number);
      const number = arrow.makeData({ type: new arrow.Float64(), length, data: values, ...present });
      const text = textData(arrow, length, (row) => (kinds[row] === ValueKind.string ? strings[values[row]] : null));
      return [
        { name, data: number },
        { name: name === 'value' ? 'text' : `${name}Text`, data: text },
      ];
    }
  }
}

/** Least bit first, 1 where there is a value (Arrow columnar format, validity bitmaps). */
function bitmap(length: number, isPresent: (row: number) => boolean) {
  const nullBitmap = new Uint8Array(Math.ceil(length / 64) * 8);
  let nullCount = length;
  for (let row = 0; row < length; row++) {
    if (!isPresent(row)) continue;
    nullBitmap[row >> 3] |= 1 << (row & 7);
    nullCount--;
  }
  return { nullBitmap, nullCount };
}

function textData(arrow: Arrow, length: number, textAt: (row: number) => string | null): Data<DataType> {
  const valueOffsets = new Int32Array(length + 1);
  const parts: Buffer[] = [];
  const encoded = new Map<string, Buffer>();
  for (let row = 0; row < length; row++) {
    const text = textAt(row) ?? '';
    const bytes = encoded.get(text) ?? Buffer.from(text);
    encoded.set(text, bytes);
    if (bytes.length > 0) parts.push(bytes);
    valueOffsets[row + 1] = valueOffsets[row] + bytes.length;
  }
  const present = bitmap(length, (row) => textAt(row) !== null);
  const data = new Uint8Array(Buffer.concat(parts));
  return arrow.makeData({ type: new arrow.Utf8(), length, valueOffsets, data, ...present });
}
