/** The natural gas that is compressed: lean pipeline gas, as a real gas with constant properties in this narrow range. */

/** Gas constant of a molar mass of 17.0 g/mol times a compressibility of 0.90 (AGA 8, 5 MPa, 280 K), kJ/(kg K). */
export const ZR_KJ_PER_KG_K = (0.9 * 8.314) / 17;
/** Isentropic exponent. */
export const KAPPA = 1.3;
const KAPPA_RATIO = (KAPPA - 1) / KAPPA;
/** Lower heating value, kJ/kg, and density at 15 Cel and 101.325 kPa, kg/m3. */
export const HEATING_VALUE_KJ_PER_KG = 47_500;
export const STANDARD_DENSITY_KG_PER_M3 = 0.72;
export const KELVIN = 273.15;

/** In kg/m3, of kPa and K. */
export function gasDensity(pressureKPa: number, temperatureK: number): number {
  return pressureKPa / (ZR_KJ_PER_KG_K * temperatureK);
}

/** (n - 1) / n of a polytropic compression of this efficiency (ISO 5389, Annex E; Schultz 1962 with constant Z). */
export function polytropicExponent(efficiency: number): number {
  return KAPPA_RATIO / efficiency;
}

/** T2 / T1 that a polytropic head in kJ/kg makes of gas that comes in at this temperature; P2 / P1 is its (1/exponent)th power. */
export function temperatureRatio(headKJPerKg: number, inletK: number, exponent: number): number {
  return 1 + (headKJPerKg * exponent) / (ZR_KJ_PER_KG_K * inletK);
}
