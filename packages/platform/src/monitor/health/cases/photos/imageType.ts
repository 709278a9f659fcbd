/** Which kind of image bytes are, by how they begin; what a caller says of them counts for nothing. */

import type { CasePhoto } from '../healthCase.ts';

export type ImageType = CasePhoto['mediaType'];

export const EXTENSIONS: Readonly<Record<ImageType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
};

/** Bytes at places, of which all must be there: ISO/IEC 10918-1 B.1.1.3, PNG (W3C) 5.2, RFC 9649 2.3 and 2.4. */
const BEGINNINGS: readonly { readonly type: ImageType; readonly parts: readonly (readonly [number, string])[] }[] = [
  { type: 'image/jpeg', parts: [[0, '\xff\xd8\xff']] },
  { type: 'image/png', parts: [[0, '\x89PNG\r\n\x1a\n']] },
  {
    type: 'image/webp',
    parts: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
];

export function imageTypeOf(bytes: Uint8Array): ImageType | undefined {
  const holds = ([at, text]: readonly [number, string]) =>
    bytes.length >= at + text.length && [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
  return BEGINNINGS.find(({ parts }) => parts.every(holds))?.type;
}
