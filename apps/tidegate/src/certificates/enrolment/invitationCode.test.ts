import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCode, PIN_BYTES, parseCode, SECRET_BYTES } from './invitationCode.ts';

const CODE = { pin: Buffer.alloc(PIN_BYTES, 0xa5), secret: Buffer.alloc(SECRET_BYTES, 0x3c) };
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('SR 1.5: the code of an invitation', () => {
  it('is 8 groups of 5, and can be read aloud and typed as one likes', () => {
    const text = formatCode(CODE);
    expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$/);
    const typed = text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect(parseCode(` ${typed} `)).toEqual(parseCode(text));
  });

  it('holds what it was made of', () => {
    fc.assert(
      fc.property(bytes(PIN_BYTES), bytes(SECRET_BYTES), (pin, secret) => {
        const parsed = parseCode(formatCode({ pin, secret }));
        expect(parsed.ok && [...parsed.value.pin, ...parsed.value.secret]).toEqual([...pin, ...secret]);
      }),
    );
  });

  it('with one letter wrong is nearly always seen before it costs a try', () => {
    const text = formatCode(CODE);
    let seen = 0;
    for (let at = 0; at < text.length; at++) {
      const wrong = text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
      if (!parseCode(wrong).ok) seen++;
    }
    expect(seen).toBeGreaterThanOrEqual(text.length - 2);
  });

  it.each(['', '-', 'ABCDE', `${formatCode(CODE)}0`, formatCode(CODE).replace(/./, 'U'), 'é'.repeat(40)])(
    'is not %j',
    (text) => expect(parseCode(text)).toMatchObject({ ok: false, fault: { code: 'enrolment.code' } }),
  );
});
