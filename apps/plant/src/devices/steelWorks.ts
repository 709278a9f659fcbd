/** The energy meter of a steel works: scaled integers, a float, a text and a coil, as such meters have them. */

import type { DeviceModel } from '../deviceModel.ts';
import { numberIn, textIn } from '../recording.ts';

/** ISO 8601 numbers of the days. */
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const LOAD_TYPE_REGISTERS = 8;
/** Energies and power factors are kept as hundredths. */
const HUNDREDTHS = 100;

/**
 * ```
 * holding:0   uint32   active energy of the quarter of an hour, kWh x 100
 * holding:2   uint32   lagging reactive energy, kVArh x 100
 * holding:4   uint32   leading reactive energy, kVArh x 100
 * holding:6   float32  carbon dioxide, t
 * holding:8   int16    lagging power factor, % x 100
 * holding:9   int16    leading power factor, % x 100
 * holding:10  uint32   seconds since midnight
 * holding:12  uint16   day of the week, Monday = 1
 * holding:20  string   load type, 8 registers
 * coil:0      bool     a weekday (not Saturday, not Sunday)
 * ```
 * Registers 13 to 19 are a gap that reads as 0. The replay begins on Friday, 5 January 2018, 21:45, so that within ten rows
 * the load type changes twice and the weekend begins.
 */
export const STEEL_WORKS: DeviceModel = {
  name: 'steel-works',
  file: 'steel-works-energy.csv',
  rowSeconds: 900,
  firstRow: 470,
  sizes: { coils: 1, input: 0, holding: 20 + LOAD_TYPE_REGISTERS },
  fill(image, row) {
    const hundredths = (column: string) => Math.round(numberIn(row, column) * HUNDREDTHS);
    const { holding } = image;
    holding.setUint32(0, hundredths('Usage_kWh'));
    holding.setUint32(2, hundredths('Lagging_Current_Reactive.Power_kVarh'));
    holding.setUint32(4, hundredths('Leading_Current_Reactive_Power_kVarh'));
    holding.setFloat32(6, numberIn(row, 'CO2(tCO2)'));
    holding.set16(8, hundredths('Lagging_Current_Power_Factor'));
    holding.set16(9, hundredths('Leading_Current_Power_Factor'));
    holding.setUint32(10, numberIn(row, 'NSM'));
    holding.set16(12, DAYS.indexOf(textIn(row, 'Day_of_week')) + 1);
    holding.setText(20, LOAD_TYPE_REGISTERS, textIn(row, 'Load_Type'));
    image.coils[0] = textIn(row, 'WeekStatus') === 'Weekday';
  },
};
