/** Stands in for `registerServer.c` where there is no C compiler: answers reads of holding registers, and looks at nothing else. */

import { type AddressInfo, createServer, type Socket } from 'node:net';

/** The header with the unit, function code, first register, count. */
const REQUEST_BYTES = 12;
const MAX_REGISTERS = 125;

/** What stands behind the header: every register holds its own address. */
const TABLE = Buffer.alloc(65_536 * 2);
for (let address = 0; address < 65_536; address++) TABLE.writeUInt16BE(address, address * 2);

function serve(socket: Socket): void {
  let left: Buffer = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => {
    left = left.length === 0 ? bytes : Buffer.concat([left, bytes]);
    const answers: Buffer[] = [];
    let at = 0;
    for (; at + REQUEST_BYTES <= left.length; at += REQUEST_BYTES) answers.push(answerTo(left, at));
    left = left.subarray(at);
    socket.write(Buffer.concat(answers));
  });
}

function answerTo(requests: Buffer, at: number): Buffer {
  const first = requests.readUInt16BE(at + 8);
  const count = Math.min(requests.readUInt16BE(at + 10), MAX_REGISTERS);
  const answer = Buffer.allocUnsafe(9 + count * 2);
  requests.copy(answer, 0, at, at + 8);
  answer.writeUInt16BE(3 + count * 2, 4);
  answer[8] = count * 2;
  TABLE.copy(answer, 9, first * 2, (first + count) * 2);
  return answer;
}

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on('end', () => process.exit(0)).resume();
