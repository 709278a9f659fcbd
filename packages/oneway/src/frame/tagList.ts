/** TAGS: the complete tag list of a gateway as JSON, in parts, and the checks that a list from outside must pass. */

import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { MAX_TAG_LIST_BYTES, MAX_TAG_PART_BYTES, TAGS_AT, viewOf } from './frameLayout.ts';
import { readTagDefinition } from './tagDefinition.ts';

const bad = (detail: string) => failure('boundary.tags', detail);

/** The payloads of the frames that carry `tags`; at least one. Throws on a list beyond `MAX_TAG_LIST_BYTES`. */
export function* encodeTagList(tags: readonly TagDefinition[], revision: number): Generator<Uint8Array> {
  const list = new TextEncoder().encode(JSON.stringify(tags));
  if (list.length > MAX_TAG_LIST_BYTES) throw new RangeError(`tag list of ${list.length} bytes`);
  const checksum = crc32(list);
  for (let offset = 0; offset < list.length; offset += MAX_TAG_PART_BYTES) {
    const part = list.subarray(offset, offset + MAX_TAG_PART_BYTES);
    const payload = new Uint8Array(TAGS_AT.part + part.length);
    const view = viewOf(payload);
    view.setUint32(TAGS_AT.revision, revision, true);
    view.setUint32(TAGS_AT.total, list.length, true);
    view.setUint32(TAGS_AT.offset, offset, true);
    view.setUint32(TAGS_AT.checksum, checksum, true);
    payload.set(part, TAGS_AT.part);
    yield payload;
  }
}

/** Puts the parts of a list together. A part at offset 0 begins a new list, whatever became of the one before. */
export class TagListReader {
  #list: Uint8Array | undefined;
  #filled = 0;
  #revision = 0;
  #checksum = 0;

  /** The list, with the part that completes it. Fault: `boundary.tags`. */
  read(payload: Uint8Array): Result<readonly TagDefinition[] | undefined> {
    if (payload.length <= TAGS_AT.part) return bad(`part of ${payload.length} bytes`);
    const view = viewOf(payload);
    const revision = view.getUint32(TAGS_AT.revision, true);
    const total = view.getUint32(TAGS_AT.total, true);
    const offset = view.getUint32(TAGS_AT.offset, true);
    const checksum = view.getUint32(TAGS_AT.checksum, true);
    const part = payload.subarray(TAGS_AT.part);
    if (offset === 0) {
      if (total > MAX_TAG_LIST_BYTES) return bad(`list of ${total} bytes; allowed are ${MAX_TAG_LIST_BYTES}`);
      this.#list = Buffer.allocUnsafeSlow(total);
      this.#filled = 0;
      this.#revision = revision;
      this.#checksum = checksum;
    }
    const list = this.#list;
    if (!list || revision !== this.#revision || checksum !== this.#checksum || total !== list.length) {
      return bad('a part that does not belong to the list begun');
    }
    if (offset !== this.#filled || offset + part.length > total) return bad(`a part at ${offset} of ${total}`);
    list.set(part, offset);
    this.#filled += part.length;
    if (this.#filled < total) return success(undefined);
    this.#list = undefined;
    return crc32(list) === checksum ? parseTagList(list) : bad('the checksum of the list does not match');
  }
}

/** Reads and checks a whole list: numbers and ids are unique and each tag is complete. Fault: `boundary.tags`. */
export function parseTagList(bytes: Uint8Array): Result<readonly TagDefinition[]> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return bad('the list is not JSON');
  }
  if (!Array.isArray(json)) return bad('the list is not an array');
  const tags: TagDefinition[] = [];
  const numbers = new Set<number>();
  const ids = new Set<string>();
  for (const [index, item] of json.entries()) {
    const tag = readTagDefinition(item);
    if (!tag.ok) return bad(`tag ${index}: ${tag.fault.detail}`);
    if (numbers.has(tag.value.number)) return bad(`tag ${index}: number ${tag.value.number} is there twice`);
    if (ids.has(tag.value.id)) return bad(`tag ${index}: id ${tag.value.id} is there twice`);
    numbers.add(tag.value.number);
    ids.add(tag.value.id);
    tags.push(tag.value);
  }
  return success(tags);
}
