/** An expression whose tags have been found. */

import type { StoredTag } from '../../ingest/storedTag.ts';
import type { Expression } from '../expression/expressionNode.ts';

export interface TagExpression {
  readonly expression: Expression;
  /** In the order of `expression.tags`. */
  readonly tags: readonly StoredTag[];
}
