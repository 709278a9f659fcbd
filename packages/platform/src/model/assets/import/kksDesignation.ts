/** Understands designations of the Kraftwerk-Kennzeichensystem (VGB-B 105): `10LAC10AP001` is a pump of feed water pumps. */

export interface KksDesignation {
  /** Unit of the plant, empty where none is written. */
  readonly unit: string;
  /** System code with its number: `LAC10`. */
  readonly system: string;
  readonly systemMeaning: string;
  /** Equipment unit with its number, `AP001`; `undefined` of a whole system. */
  readonly equipment: string | undefined;
  readonly equipmentMeaning: string | undefined;
  /** What is measured, where the equipment unit is a measurement (C.). */
  readonly variable: string | undefined;
  readonly referenceUnit: string | undefined;
  /** Component or signal: `XQ01`. */
  readonly component: string | undefined;
  readonly componentMeaning: string | undefined;
}

/** Main groups of function codes, and the systems that lists of tags are full of. */
const SYSTEMS: Readonly<Record<string, string>> = {
  ...{ A: 'grid and distribution', B: 'power transmission', C: 'instrumentation and control', E: 'fuel supply' },
  ...{ G: 'water supply and disposal', H: 'heat generation', J: 'nuclear heat generation', K: 'reactor auxiliaries' },
  ...{ L: 'steam, water and gas cycles', M: 'main machine sets', N: 'process energy supply', P: 'cooling water' },
  ...{ Q: 'auxiliary systems', R: 'gas generation and treatment', S: 'ancillary systems', U: 'structures' },
  ...{ W: 'renewable energy', X: 'heavy machinery', Z: 'workshop and office' },
  ...{
    EKG: 'fuel gas',
    HAC: 'economiser',
    HAD: 'evaporator',
    HAH: 'superheater',
    HFB: 'coal mill',
    HHA: 'main burners',
  },
  ...{ HLA: 'combustion air ducts', HLB: 'forced draught fans', HNA: 'flue gas ducts', HNC: 'induced draught fans' },
  ...{ LAA: 'feed water storage', LAB: 'feed water piping', LAC: 'feed water pumps', LAD: 'feed water heating' },
  ...{
    LBA: 'main steam piping',
    LCA: 'main condensate piping',
    LCB: 'main condensate pumps',
    MAA: 'high-pressure turbine',
  },
  ...{ MAB: 'intermediate-pressure turbine', MAC: 'low-pressure turbine', MAG: 'condenser', MAV: 'lube oil' },
  ...{ MBA: 'gas turbine', MBP: 'gas turbine fuel supply', MKA: 'generator', PAB: 'circulating water piping' },
  ...{ PAC: 'circulating water pumps', PGB: 'closed cooling water' },
};
const EQUIPMENT: Readonly<Record<string, string>> = {
  ...{
    AA: 'valve',
    AB: 'isolating element',
    AC: 'heat exchanger',
    AE: 'turning gear',
    AF: 'conveyor',
    AG: 'generator',
  },
  ...{ AH: 'heating or cooling unit', AJ: 'mill', AM: 'mixer', AN: 'compressor or fan', AP: 'pump', AS: 'adjuster' },
  ...{ AT: 'filter', AV: 'combustion equipment', BB: 'vessel', BN: 'ejector', BP: 'flow restrictor', BR: 'pipe' },
};
/** Direct measurements: what is measured, and a unit into which that of the tag must convert. */
const MEASUREMENTS: Readonly<Record<string, readonly [string, string?]>> = {
  ...{ CD: ['density'], CE: ['electrical'], CF: ['flow'], CG: ['position'], CK: ['time', 's'], CL: ['level'] },
  ...{
    CM: ['moisture'],
    CP: ['pressure', 'Pa'],
    CQ: ['analysis'],
    CR: ['radiation'],
    CS: ['speed'],
    CT: ['temperature', 'Cel'],
  },
  ...{ CU: ['combined'], CV: ['viscosity'], CW: ['weight'], CY: ['vibration'] },
};
const COMPONENTS: Readonly<Record<string, string>> = {
  ...{ KP: 'pump', KA: 'gate or shut-off', KN: 'compressor', KE: 'turning gear', MA: 'motor', MM: 'motor' },
  ...{
    XA: 'binary command',
    XB: 'binary state',
    XG: 'binary signal',
    XH: 'binary limit',
    XQ: 'analogue signal',
    XJ: 'analogue state',
  },
};

const SHAPE = /^(\d{0,2})([A-HJ-NP-Z]{3})(\d{2})(?:([A-HJ-NP-Z]{2})(\d{3})([A-Z]?)(?:([A-HJ-NP-Z]{2})(\d{2}))?)?$/;

/** Blanks, `=`, `-`, `_` and `.` between the parts count for nothing; `undefined` where the name is no designation. */
export function readKks(name: string): KksDesignation | undefined {
  const match = SHAPE.exec(name.toUpperCase().replace(/[\s=_.-]/g, ''));
  if (!match) return undefined;
  const [, unit, code, codeNumber, device, deviceNumber, redundant, part, partNumber] = match;
  const systemMeaning = SYSTEMS[code] ?? SYSTEMS[code[0]];
  const measurement = device === undefined ? undefined : MEASUREMENTS[device];
  const equipmentMeaning = measurement ? `${measurement[0]} measurement` : device && EQUIPMENT[device];
  // Three letters and digits are many things: without a meaning of both it is chance.
  if (systemMeaning === undefined || (device !== undefined && equipmentMeaning === undefined)) return undefined;
  return {
    ...{ unit, system: `${code}${codeNumber}`, systemMeaning, equipmentMeaning },
    equipment: device && `${device}${deviceNumber}${redundant}`,
    variable: measurement?.[0],
    referenceUnit: measurement?.[1],
    component: part && `${part}${partNumber}`,
    componentMeaning: part && COMPONENTS[part],
  };
}
