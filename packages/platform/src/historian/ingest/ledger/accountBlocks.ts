/** Tells the signed ledger of blocks, and of what stands in the samples of its own tags. */

import { crc32 } from 'node:zlib';
import { checkBlock, decodeColumns } from '@tidegate/core/block/decodeBlock.ts';
import { type BlockHeader, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { parseLedgerTagPath } from '@tidegate/core/ledger/ledgerTag.ts';
import { BlockAdmission } from '../blockAdmission.ts';
import type { TagCatalogue } from '../tagCatalogue.ts';
import type { SignedLedger } from './signedLedger.ts';

/** Told of a block that is durable, with how many of its samples are stored. */
export function accountBlock(
  ledger: SignedLedger,
  catalogue: TagCatalogue,
  header: BlockHeader,
  bytes: Uint8Array,
  stored: number,
): void {
  ledger.take(header, bytes, stored);
  takeTexts(ledger, catalogue, header, bytes);
}

/** Told of what is in the log when it is opened. */
export function reaccountBlock(ledger: SignedLedger, catalogue: TagCatalogue, bytes: Uint8Array): void {
  const checked = checkBlock(bytes, crc32);
  if (!checked.ok) return;
  ledger.retake(checked.value, bytes);
  takeTexts(ledger, catalogue, checked.value, bytes);
}

/** Only the audit lane has such tags: no other block is looked into. */
function takeTexts(ledger: SignedLedger, catalogue: TagCatalogue, header: BlockHeader, bytes: Uint8Array): void {
  if (header.lane !== 'audit') return;
  const decoded = decodeColumns(bytes, header);
  if (!decoded.ok) return;
  const { block } = new BlockAdmission(catalogue).admit(header, decoded.value);
  const tags = catalogue.resolve(header.gateway, block);
  if (!tags.ok) return;
  for (let row = 0; row < block.count; row++) {
    if (block.kinds[row] !== ValueKind.string) continue;
    const path = catalogue.tags[tags.value[row]]?.path;
    const signal = path === undefined ? undefined : parseLedgerTagPath(header.gateway, path);
    if (signal) ledger.takeText(header.gateway, signal, block.strings[block.values[row]]);
  }
}
