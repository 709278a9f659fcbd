/** The one table of faults: everything that can be wrong from outside, what it means, and what to do about it. */

export interface FaultEntry {
  readonly meaning: string;
  /** Status with which the REST interface reports the fault. */
  readonly httpStatus: number;
  /** What the person who reads it should do. */
  readonly remedy: string;
}

export const FAULTS = {
  'block.truncated': {
    meaning: 'A sample block ends before its stated length.',
    httpStatus: 400,
    remedy: 'The file or the connection was cut; the block is sent again from the spool if it still has it.',
  },
  'block.checksum': {
    meaning: 'The checksum of a sample block does not match its bytes.',
    httpStatus: 400,
    remedy: 'The bytes changed on disk or on the way. Check the disk of the machine named beside this fault.',
  },
  'block.malformed': {
    meaning: 'A sample block has a good checksum but contradicts its own format.',
    httpStatus: 400,
    remedy: 'Sender and receiver disagree about the format. Compare the versions of gateway and server.',
  },
  'block.version': {
    meaning: 'A sample block is of a format version that this program does not know.',
    httpStatus: 400,
    remedy: 'Update the server before the gateways.',
  },
  'boundary.malformed': {
    meaning: 'A frame on the boundary contradicts the format, or came where it may not come.',
    httpStatus: 400,
    remedy: 'The other end is not a Tidegate of the same version, or not a Tidegate at all. Look at the address named.',
  },
  'boundary.version': {
    meaning: 'The other end of the boundary speaks a version of the protocol that this program does not know.',
    httpStatus: 400,
    remedy: 'Update the server before the gateways.',
  },
  'boundary.identity': {
    meaning: 'A gateway, or a block that it sent, bears another name than its certificate.',
    httpStatus: 403,
    remedy: 'Give the gateway the certificate made for its name. If nobody changed either, treat it as an attack.',
  },
  'boundary.tags': {
    meaning: 'The tag list of a gateway cannot be read or contradicts itself.',
    httpStatus: 400,
    remedy: 'Run `tidegate config check` on the configuration of the gateway, and compare the versions of both ends.',
  },
  'boundary.not-stored': {
    meaning: 'The server could not make a block or a tag list durable; the gateway keeps it and offers it again.',
    httpStatus: 503,
    remedy: 'Look at the disk of the server: full, read-only or failing. Nothing is lost while the spool has room.',
  },
  'boundary.unreachable': {
    meaning: 'There is no connection across the boundary.',
    httpStatus: 503,
    remedy:
      'Check that the server runs and that the firewall lets the gateway open this port. Blocks wait in the spool.',
  },
  'boundary.unanswered': {
    meaning: 'The other end of the boundary stayed silent although an answer was due; the connection was given up.',
    httpStatus: 504,
    remedy: 'Look at the network between gateway and server, and at firewalls that forget idle connections.',
  },
  'boundary.ahead': {
    meaning: 'The server holds a block newer than every block of the spool, as after a spool was restored from a copy.',
    httpStatus: 409,
    remedy:
      'Keep a copy of the spool directory, empty it, and restart the gateway with a correct clock: a new epoch begins.',
  },
  'boundary.replaced': {
    meaning: 'A newer connection of the same gateway and lane took the place of this one.',
    httpStatus: 409,
    remedy: 'After a cut line this is normal. If it repeats, two gateways run with the same name and certificate.',
  },
  'boundary.stopping': {
    meaning: 'The server is shutting down; the gateway keeps its blocks and connects again.',
    httpStatus: 503,
    remedy: 'Nothing needs to be done.',
  },
  'boundary.port': {
    meaning: 'The server cannot listen at the address and port for gateways.',
    httpStatus: 500,
    remedy: 'Stop the program that holds the port (perhaps a second copy of the server), or configure another port.',
  },
  'boundary.credentials': {
    meaning: 'A key, certificate or certificate authority for the boundary cannot be used.',
    httpStatus: 500,
    remedy:
      'Check that the three PEM files belong together. Development certificates: delete the directory and restart.',
  },
  'server.certificates': {
    meaning: 'What the server proves to gateways who it is with cannot be read.',
    httpStatus: 500,
    remedy:
      'Name the directory that holds key.pem, cert.pem and ca.pem; `tidegate certificates` makes them for trials.',
  },
  'certificate.name': {
    meaning: 'A gateway cannot have a certificate under this name.',
    httpStatus: 400,
    remedy: 'Use letters, digits, dots, hyphens and underscores, at most 63, such as north-1.',
  },
  'certificate.directory': {
    meaning: 'The directory of the certificates cannot be read or written.',
    httpStatus: 500,
    remedy: 'Give this user the right to write there, or name another directory.',
  },
  'config.unreadable': {
    meaning: 'A configuration file is missing, may not be read, or is not UTF-8 text.',
    httpStatus: 400,
    remedy: 'Check the name and the rights of the file, and save it as UTF-8.',
  },
  'config.syntax': {
    meaning: 'A configuration file is not well-formed YAML or CSV.',
    httpStatus: 400,
    remedy:
      'Correct the line and column named beside this fault: mostly an indentation, a quote or a key that stands twice.',
  },
  'config.unknown-key': {
    meaning: 'A configuration has a key or a column that this program does not know.',
    httpStatus: 400,
    remedy: 'Correct its spelling as the hint says, or remove it.',
  },
  'config.missing': {
    meaning: 'A configuration lacks a key or a column that must be there.',
    httpStatus: 400,
    remedy: 'Add it as the hint says.',
  },
  'config.invalid': {
    meaning: 'A value in a configuration is of the wrong kind, out of range, or contradicts another.',
    httpStatus: 400,
    remedy: 'Correct the value at the line and column named beside this fault, as the hint says.',
  },
  'frame.truncated': {
    meaning: 'A frame of a field protocol ends before its stated length.',
    httpStatus: 502,
    remedy: 'The device or the line cut the frame. If it repeats, record the line and check the device.',
  },
  'frame.malformed': {
    meaning: 'A frame of a field protocol contradicts the specification.',
    httpStatus: 502,
    remedy: 'Check that the device speaks the configured protocol at the configured port.',
  },
  'frame.forbidden': {
    meaning: 'The outbound guard refused a frame: it is not one of the reads that the driver declares.',
    httpStatus: 500,
    remedy: 'Nothing was sent and the connection was closed. Report it: a driver tried what it must not try.',
  },
  'link.connect': {
    meaning: 'A device does not take a connection, or the port that leads to it cannot be opened.',
    httpStatus: 502,
    remedy: 'Check the address, the port, the cable and the firewall between gateway and device.',
  },
  'link.identity': {
    meaning: 'A device and the gateway do not trust each other: the certificate of one of them was refused.',
    httpStatus: 502,
    remedy:
      'Renew the certificate that is named, or configure the authority and the name that belong to the device. If nobody changed either, treat it as an attack.',
  },
  'link.credentials': {
    meaning: 'A key, certificate or authority with which the gateway speaks to a device cannot be used.',
    httpStatus: 500,
    remedy: 'Check that the files named in the configuration of the line are there, readable, and belong together.',
  },
  'link.timeout': {
    meaning: 'A device did not answer in time.',
    httpStatus: 504,
    remedy: 'Check that the device runs and that the unit number is right; a slow device needs a longer timeout.',
  },
  'link.closed': {
    meaning: 'A device or the network closed the connection.',
    httpStatus: 502,
    remedy: 'The gateway connects again by itself. If it repeats, look for a limit of connections in the device.',
  },
  'device.answer': {
    meaning: 'The answer of a device does not fit the question.',
    httpStatus: 502,
    remedy:
      'The connection was closed, so that no value can be mistaken for another. Check the device or its converter.',
  },
  'device.object': {
    meaning: 'An answer of a device holds an object that this program cannot decode; what stands behind it is lost.',
    httpStatus: 502,
    remedy: 'Read the points of the device by group and variation instead of by class, and report the object named.',
  },
  'device.protocol': {
    meaning: 'A device is configured with a protocol for which there is no driver.',
    httpStatus: 400,
    remedy: 'Use one of the protocols listed in docs/drivers.md.',
  },
  'point.address': {
    meaning: 'The address of a point cannot be read by the driver of its device.',
    httpStatus: 400,
    remedy: "Write the address as the driver's page shows, such as holding:100 for Modbus.",
  },
  'point.data-type': {
    meaning: 'The data type of a point is unknown or does not fit its address.',
    httpStatus: 400,
    remedy: "Choose one of the data types that the driver's page lists for this kind of address.",
  },
  'point.word-order': {
    meaning: 'The word order of a point is unknown or does not fit its data type.',
    httpStatus: 400,
    remedy: 'Choose one of ABCD, CDAB, BADC and DCBA.',
  },
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
    meaning: 'A request cannot be read as HTTP, or its address is not properly percent-encoded.',
    httpStatus: 400,
    remedy: 'Percent-encode what stands in the address, and send nothing but HTTP/1.1.',
  },
  'request.method': {
    meaning: 'This address does not take the method of the request.',
    httpStatus: 405,
    remedy: 'Use one of the methods that the Allow header names; of the plant nothing can be written.',
  },
  'request.media-type': {
    meaning: 'The body of a request is no JSON, or does not say that it is.',
    httpStatus: 415,
    remedy: 'Send JSON with the header `Content-Type: application/json`.',
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
  'tag.unknown': {
    meaning: 'No tag has this index, path, id or alias.',
    httpStatus: 404,
    remedy: 'Take the nearest name where one is given, or look the tag up with /api/v1/tags?search=.',
  },
  'tag.ambiguous': {
    meaning: 'Several tags have this name.',
    httpStatus: 409,
    remedy: 'Name the tag by one of the paths that are suggested, or by its index.',
  },
  'tag.exists': {
    meaning: 'There is a tag with this path already.',
    httpStatus: 409,
    remedy: 'Import into the tag that is named, or choose another path.',
  },
  'tag.invalid': {
    meaning: 'The definition of a tag contradicts itself or lacks something.',
    httpStatus: 400,
    remedy: 'Correct the field that is named.',
  },
  'edit.invalid': {
    meaning: 'A change of history lacks its author or its reason, or names times or values that cannot be.',
    httpStatus: 400,
    remedy: 'Say who changes the history and why, and correct what is named.',
  },
  'annotation.unknown': {
    meaning: 'There is no annotation with this number, or it has been removed.',
    httpStatus: 404,
    remedy: 'List the annotations of the tag again.',
  },
  'history.future': {
    meaning: 'A question about history is about the future: nothing has been measured there yet.',
    httpStatus: 400,
    remedy: 'Let the range begin before now (`*`).',
  },
  'history.too-much': {
    meaning: 'A question about history would need more samples, or give more values, than one answer holds.',
    httpStatus: 400,
    remedy: 'Ask for fewer tags, a shorter range or longer intervals; raw samples come in pages.',
  },
  'aggregate.unknown': {
    meaning: 'There is no aggregate with this name.',
    httpStatus: 400,
    remedy: 'Take one of the names that are suggested; docs/aggregates.md lists all 37.',
  },
  'expression.invalid': {
    meaning: 'An expression over tags cannot be read, or calls what does not exist.',
    httpStatus: 400,
    remedy: "Correct it at the character named. Tags stand in single quotes: 'site/pump/flow' > 10.",
  },
  'unit.unknown': {
    meaning: 'A unit of measure is no UCUM code.',
    httpStatus: 400,
    remedy: 'Take the code that is suggested, or look it up at ucum.org: Cel, kW.h, m3/h, [psi].',
  },
  'unit.incommensurable': {
    meaning: 'Values in one unit of measure cannot be converted to another.',
    httpStatus: 400,
    remedy: 'Ask for a unit of the same quantity. Levels such as dB and pH are not converted.',
  },
  'live.full': {
    meaning: 'As many clients as the server allows watch the live stream already.',
    httpStatus: 503,
    remedy: 'Close pages of the console that nobody looks at, or ask /api/v1/latest instead.',
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
  'journal.directory': {
    meaning: 'A directory in which records are kept cannot be used.',
    httpStatus: 503,
    remedy: 'See that the directory named exists or can be made, and that the process may read and write it.',
  },
  'journal.locked': {
    meaning: 'Another process has this journal open.',
    httpStatus: 503,
    remedy: 'Stop the process named, or give this one a directory of its own.',
  },
  'journal.full': {
    meaning: 'There is no space on the disk, or no quota, for more records.',
    httpStatus: 507,
    remedy: 'Make room on the disk named; writing goes on by itself.',
  },
  'journal.write': {
    meaning: 'The disk refuses to write records or to confirm that it has.',
    httpStatus: 503,
    remedy: 'Check the disk and the kernel log of the machine; writing is tried again with every record.',
  },
  'journal.closed': {
    meaning: 'A record came after the journal had been closed.',
    httpStatus: 503,
    remedy: 'The process is stopping; nothing needs to be done.',
  },
  'gateway.data-directory': {
    meaning: 'The gateway cannot use its data directory.',
    httpStatus: 500,
    remedy:
      'Give the user that runs the gateway the right to write it, make room on its disk, or name another dataDirectory.',
  },
  'gateway.running': {
    meaning: 'Another gateway process holds the data directory.',
    httpStatus: 409,
    remedy: 'Stop the other one, or give this gateway a dataDirectory of its own.',
  },
  'gateway.tag-registry': {
    meaning:
      'The list that gives each tag its number is damaged, lost, or of another gateway; without it the samples in the spool have no names.',
    httpStatus: 500,
    remedy:
      'Restore tags.json of the data directory from a backup. Without one, start with a new dataDirectory under a new gateway name: the undelivered samples of the old one stay in its spool.',
  },
  'gateway.certificates': {
    meaning: 'A certificate or key that the gateway needs to reach the server is missing or unreadable.',
    httpStatus: 500,
    remedy: 'Put key.pem, cert.pem and ca.pem of this gateway into the directory that server.certificates names.',
  },
  'archive.full': {
    meaning: 'The disk of the server is full: samples can be read but no more can be taken.',
    httpStatus: 507,
    remedy: 'Free space on the disk of the data directory. The gateways keep their samples and offer them again.',
  },
  'archive.unwritable': {
    meaning: 'The data directory of the server cannot be read or written.',
    httpStatus: 500,
    remedy: 'Look at the disk and at the rights of the data directory named beside this fault.',
  },
  'archive.newer': {
    meaning: 'The data directory of the server was written by a newer version of this program.',
    httpStatus: 500,
    remedy: 'Start the newer version again, or restore a backup that was made before the update.',
  },
  'archive.in-use': {
    meaning: 'Another process has the data directory of the server open.',
    httpStatus: 409,
    remedy: 'Stop the other server, or give this one a data directory of its own.',
  },
  'archive.absent': {
    meaning: 'There is no archive in a directory.',
    httpStatus: 404,
    remedy: 'Name the dataDirectory of a server with --data DIR, or the directory of a backup where one is verified.',
  },
  'archive.control': {
    meaning: 'The server that holds an archive does not do what is asked of it from its own machine.',
    httpStatus: 503,
    remedy: 'Ask as the user that the server runs as; if it is the same, see the log of the server.',
  },
  'import.invalid': {
    meaning: 'Samples cannot be imported as they are.',
    httpStatus: 400,
    remedy: 'Correct what is named; nothing of this request was imported.',
  },
  'backup.unwritable': {
    meaning: 'A backup cannot be written to its directory.',
    httpStatus: 507,
    remedy: 'Make room there, or name another directory. What was there before is still whole.',
  },
  'backup.damaged': {
    meaning: 'A backup lacks files, or they are not what was backed up.',
    httpStatus: 500,
    remedy: 'Use another backup; `tidegate archive verify --data DIR` names everything that is wrong with this one.',
  },
  'backup.newer': {
    meaning: 'A backup was made by a newer version of this program.',
    httpStatus: 500,
    remedy: 'Restore it with the version that made it.',
  },
  'backup.target': {
    meaning: 'A directory that is to be written anew holds something else, or is in use.',
    httpStatus: 409,
    remedy: 'Name a directory that is empty or does not exist.',
  },
  'lake.manifest': {
    meaning: 'The manifest of the lake is damaged or of another version.',
    httpStatus: 500,
    remedy:
      'Move manifest.json away: the lake is published anew from the archive, and what it has named is removed then.',
  },
  'lake.unwritable': {
    meaning: 'The directory of the lake cannot be read or written.',
    httpStatus: 500,
    remedy:
      'Look at the disk and at the rights of the directory named beside this fault; the next publication tries again.',
  },
  'lake.day': {
    meaning: 'A day that is to be published does not exist.',
    httpStatus: 400,
    remedy: 'Name a day of the calendar as 2026-01-31.',
  },
  'lake.publisher': {
    meaning: 'The process that publishes the lake ended before it was done.',
    httpStatus: 503,
    remedy: 'The next publication goes on where it stopped. If it happens again, look at the memory of the machine.',
  },
  'sql.syntax': {
    meaning: 'An SQL statement cannot be understood or evaluated.',
    httpStatus: 400,
    remedy: 'Correct it at the place named. The dialect is that of DuckDB; `SHOW TABLES` and `DESCRIBE history` help.',
  },
  'sql.refused': {
    meaning: 'An SQL statement would do more than read the history of the plant.',
    httpStatus: 403,
    remedy:
      'Send one SELECT, WITH, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN statement over the tables and functions of Tidegate.',
  },
  'sql.argument': {
    meaning: 'A history function in an SQL statement has an argument that it cannot have.',
    httpStatus: 400,
    remedy:
      "Give constants, as in raw('site/area/tag', '*-8h', '*'); a function that depends on rows of a table needs one statement for each.",
  },
  'sql.timeout': {
    meaning: 'An SQL statement ran longer than it may.',
    httpStatus: 408,
    remedy: 'Ask for less: limit `day` in history, name tags, or use aggregate(...) instead of raw samples.',
  },
  'sql.memory': {
    meaning: 'An SQL statement needs more memory than it may have.',
    httpStatus: 413,
    remedy: 'Ask for fewer rows or groups at once, or read the Parquet files of the lake with a tool of your own.',
  },
  'sql.cancelled': {
    meaning: 'An SQL statement was ended by the one who sent it, or because the server stops.',
    httpStatus: 499,
    remedy: 'Nothing needs to be done.',
  },
  'sql.busy': {
    meaning: 'As many SQL statements as the server allows are running already.',
    httpStatus: 503,
    remedy: 'Send it again when another one has ended.',
  },
  'sql.engine': {
    meaning: 'The SQL engine ended while it worked on a statement.',
    httpStatus: 503,
    remedy: 'Send the statement again: the engine starts anew. If the same statement ends it twice, report it.',
  },
  'spool.foreign': {
    meaning: 'The directory of a spool holds blocks of another gateway or of another lane.',
    httpStatus: 503,
    remedy: 'Let the gateway named deliver them first, or give this one a directory of its own.',
  },
} as const satisfies Record<string, FaultEntry>;

export type FaultCode = keyof typeof FAULTS;
