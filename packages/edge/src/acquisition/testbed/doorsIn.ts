/** Finds the ways by which a source could reach a device without its link: a driver has none of them. */

import { isBuiltin } from 'node:module';

/** Every module that is named, whether it is loaded at once or later; types alone load nothing. */
const IMPORT = /^\s*(?:import|export)\s+(?!type\b)(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const LATER_IMPORT = /\b(?:import|require)\s*\(\s*(?:['"]([^'"]+)['"]\s*\))?/g;

/** Libraries that open a network or serial medium, and the part of ours that does. */
const MEDIUM_LIBRARY =
  /^@?(serialport|usb|node-hid|ws|undici|axios|got|mqtt|modbus-serial|jsmodbus|node-opcua|nodes7)(-|\/|$)|^@tidegate\/edge\/acquisition\/transport\/|(^|\/)acquisition\/transport\/|^(\.\.\/){2,}transport\//;

/** What every program of Node.js has without an import, or gets one by. */
const GLOBAL_DOORS = [
  /\b(?:fetch|eval|XMLHttpRequest)\s*\(/g,
  /\bnew\s+(?:WebSocket|WebSocketStream|EventSource|Worker|Function)\b/g,
  /\b(?:globalThis|getBuiltinModule|createRequire|dlopen|mainModule)\b/g,
  /\bprocess\s*\.\s*(?:_linkedB|b)inding\b|\bprocess\s*\[/g,
];

/** The doors in the text of a JavaScript or TypeScript source, as they stand there; empty where it has none. */
export function doorsIn(text: string): string[] {
  const modules = [...text.matchAll(IMPORT)].map(([, module]) => module);
  const later = [...text.matchAll(LATER_IMPORT)].map(([call, module]) => module ?? `${call}...`);
  const loaded = [...modules, ...later].filter(
    (module) => isBuiltin(module) || MEDIUM_LIBRARY.test(module) || module.endsWith('...'),
  );
  return [...loaded, ...globalDoorsIn(text)];
}

/** Those of the doors that no import shows. */
export function globalDoorsIn(text: string): string[] {
  return GLOBAL_DOORS.flatMap((door) => [...text.matchAll(door)].map(([found]) => found));
}
