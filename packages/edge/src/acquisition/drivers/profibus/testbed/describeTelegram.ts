/** A telegram in one line, as the recording's table and the tests write it. */

import { DELIMITER, NONE, type Telegram } from '../fdl/telegram.ts';

const FORMS = new Map<number, string>([
  [DELIMITER.noData, 'SD1'],
  [DELIMITER.variable, 'SD2'],
  [DELIMITER.fixed, 'SD3'],
  [DELIMITER.token, 'SD4'],
  [DELIMITER.acknowledgement, 'SC'],
]);

/** `SD2 8 2 6d 60 62 0102`: form, DA, SA, FC, DSAP, SSAP, data; `-` for what is not there. */
export function describeTelegram(telegram: Telegram): string {
  const { delimiter, destination, source, destinationSap, sourceSap } = telegram;
  const unchecked = delimiter === DELIMITER.token || delimiter === DELIMITER.acknowledgement;
  const control = unchecked ? '-' : telegram.control.toString(16).padStart(2, '0');
  const data = Buffer.from(telegram.bytes.subarray(telegram.dataStart, telegram.dataEnd)).toString('hex');
  const [to, from, dsap, ssap] = [destination, source, destinationSap, sourceSap].map((n) => (n === NONE ? '-' : n));
  return [FORMS.get(delimiter), to, from, control, dsap, ssap, data || '-'].join(' ');
}
