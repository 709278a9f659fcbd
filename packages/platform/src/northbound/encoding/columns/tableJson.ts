/** The rows of a statement as JSON: columns in their order, of which several may have the same name. */

import { cellsJson } from './answerJson.ts';
import type { AnswerColumn } from './columnAnswer.ts';

export interface TableAnswer {
  readonly columns: readonly (AnswerColumn & { readonly sqlType: string })[];
  readonly rows: number;
  readonly truncated: boolean;
}

export function* tableJson({ columns, rows, truncated }: TableAnswer, elapsedMs: number): Generator<string> {
  yield '{"columns":[';
  for (const [at, column] of columns.entries()) {
    const head = JSON.stringify({ name: column.name, type: column.sqlType }).slice(0, -1);
    yield `${at === 0 ? '' : ','}${head},"values":[`;
    yield* cellsJson(column, rows);
    yield ']}';
  }
  yield `],"rows":${rows},"truncated":${truncated},"elapsedMs":${elapsedMs}}`;
}
