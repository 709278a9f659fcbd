/** What can be wrong with a request to the server, or with how programs are started. */

import type { FaultEntry } from './faultEntry.ts';

export const SERVICE_FAULTS = {
  'identity.loopback-only': {
    meaning: 'Without users and roles the server may be reached from its own machine only.',
    httpStatus: 403,
    remedy: 'Let it listen on 127.0.0.1. To read from another machine, forward the port over SSH for now.',
  },
  'identity.host': {
    meaning: 'A request names a host that is not this machine, as after DNS rebinding.',
    httpStatus: 421,
    remedy: 'Address the server as localhost, 127.0.0.1 or [::1]. If a web page sent the request, distrust that page.',
  },
  'identity.foreign-page': {
    meaning: 'A web page of another site made a browser on this machine send a request.',
    httpStatus: 403,
    remedy:
      'Open the console at its own address. If you did not expect this, distrust the page that is open beside it.',
  },
  'northbound.port': {
    meaning: 'The address of the REST interface and the console cannot be taken.',
    httpStatus: 500,
    remedy: 'Stop the program that holds the port (perhaps a second copy of the server), or configure another port.',
  },
  'northbound.no-console': {
    meaning: 'The web console has not been built.',
    httpStatus: 404,
    remedy: 'Run `npm run build`, then restart the server. The REST interface under /api/v1 works without it.',
  },
  'request.invalid': {
    meaning: 'Parameters of a request are wrong.',
    httpStatus: 400,
    remedy: 'Correct the parameters that are named; /api/v1/openapi.json describes all of them.',
  },
  'request.malformed': {
    meaning: 'A request cannot be read as HTTP, its address is not properly percent-encoded, or its body is not JSON.',
    httpStatus: 400,
    remedy: 'Percent-encode what stands in the address, send well-formed JSON, and nothing but HTTP/1.1.',
  },
  'request.method': {
    meaning: 'This address does not take the method of the request.',
    httpStatus: 405,
    remedy: 'Use one of the methods that the Allow header names; of the plant nothing can be written.',
  },
  'request.media-type': {
    meaning: 'The body of a request is not of a content type that its address takes.',
    httpStatus: 415,
    remedy:
      'Send JSON with the header `Content-Type: application/json`; a photo as `image/jpeg`, `image/png` or `image/webp`.',
  },
  'request.not-acceptable': {
    meaning: 'The answer does not come in any of the forms that the request accepts.',
    httpStatus: 406,
    remedy: 'Ask with `Accept: application/json`, or one of the other types that are named.',
  },
  'request.too-large': {
    meaning: 'The body of a request is longer than it may be.',
    httpStatus: 413,
    remedy: 'Send it in several parts.',
  },
  'request.route-unknown': {
    meaning: 'Nothing is served at this address.',
    httpStatus: 404,
    remedy: 'Look at /api/v1/openapi.json, which lists every address.',
  },
  'live.full': {
    meaning: 'As many clients as the server allows watch the live stream already.',
    httpStatus: 503,
    remedy: 'Close pages of the console that nobody looks at, or ask /api/v1/latest instead.',
  },
  'live.socket': {
    meaning: 'A gateway cannot make the socket at which people on its machine see what it reads.',
    httpStatus: 500,
    remedy:
      'Name a shorter dataDirectory, on a disk of this machine that is not full. The gateway runs without the socket.',
  },
  'live.unreachable': {
    meaning: 'No gateway shows its live view in the directory that was named.',
    httpStatus: 503,
    remedy:
      'Start the gateway, name its dataDirectory with --data or its configuration with --config, and be its user.',
  },
  'server.bug': {
    meaning: 'The server met a bug of its own while it answered.',
    httpStatus: 500,
    remedy: 'Report it together with the log of the server at this time.',
  },
  'launch.port': {
    meaning: 'A port that Tidegate needs is in use, or may not be used.',
    httpStatus: 503,
    remedy: 'Stop the program that has it, or choose another port with the option named.',
  },
  'launch.running': {
    meaning: 'Tidegate runs already with this data directory.',
    httpStatus: 503,
    remedy: 'Use the one that runs, stop it, or start another one with --data DIR and ports of its own.',
  },
  'launch.directory': {
    meaning: 'The data directory cannot be used.',
    httpStatus: 503,
    remedy: 'Start Tidegate in a directory that you may write to, or name one with --data DIR.',
  },
  'launch.option': {
    meaning: 'An option of the command has a value that it cannot have.',
    httpStatus: 400,
    remedy: 'See the command with --help.',
  },
  'launch.process': {
    meaning: 'A process that Tidegate has started cannot run.',
    httpStatus: 503,
    remedy: 'Its last lines above say why; the whole of its log is in the file named.',
  },
  'api.unreachable': {
    meaning: 'No Tidegate server answers.',
    httpStatus: 503,
    remedy: 'Start it with `npm start`, or name the one that runs with --server URL.',
  },
  'api.answer': {
    meaning: 'The server answered, but not with what was asked for.',
    httpStatus: 502,
    remedy: 'See whether --server names a Tidegate server of the same version.',
  },
  'output.unwritable': {
    meaning: 'A file that a command was to write cannot be written.',
    httpStatus: 500,
    remedy: 'Look at the path, at the rights of its directory and at the disk.',
  },
} as const satisfies Record<string, FaultEntry>;
