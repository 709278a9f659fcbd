import { expect, it } from 'vitest';
import { doorsIn } from './doorsIn.ts';

it.each<[string, readonly string[]]>([
  ["import { connect } from 'node:net';", ['node:net']],
  ['import { connect } from "net";', ['net']],
  ["import 'node:child_process';", ['node:child_process']],
  ["export * from 'node:dgram';", ['node:dgram']],
  ["import {\n  open,\n} from 'node:fs/promises';", ['node:fs/promises']],
  ["const { connect } = await import('node:tls');", ['node:tls']],
  ['const { connect } = await import(`node:tls`);', ['import(...']],
  ["const { connect } = await import('node:' + 'net');", ['import(...']],
  ['const net = require("net");', ['net']],
  ["import { SerialPort } from 'serialport';", ['serialport']],
  ["import { autoDetect } from '@serialport/bindings-cpp';", ['@serialport/bindings-cpp']],
  ["import { TcpDialer } from '../../transport/tcpDialer.ts';", ['../../transport/tcpDialer.ts']],
  [
    "import { TcpDialer } from '@tidegate/edge/acquisition/transport/tcpDialer.ts';",
    ['@tidegate/edge/acquisition/transport/tcpDialer.ts'],
  ],
  ["await fetch('http://10.0.0.7/coil?on');", ['fetch(']],
  ["new WebSocket('ws://10.0.0.7');", ['new WebSocket']],
  ["process.binding('tcp_wrap');", ['process.binding']],
  ["process['binding']('tcp_wrap');", ['process[']],
  ["process.getBuiltinModule('net');", ['getBuiltinModule']],
  ["globalThis['fetch']('http://10.0.0.7');", ['globalThis']],
  ['new Function("return 1")();', ['new Function']],
  ["import type { Socket } from 'node:net';", []],
  ["import type { Link } from '../../transport/link.ts';", []],
  ["import { z } from 'zod';\nimport { success } from '@tidegate/core/fault/fault.ts';", []],
  ["import { decodeFrame } from './transport/segment.ts';", []],
  ['await prefetch(1); this.fetch; // They are fetched (all of them) by the imported driver.', []],
])('%j: %j', (source, doors) => expect(doorsIn(source)).toEqual(doors));
