// One peer of the register, for real: node peer.mjs FOLDER NAME ADDRESS ADDRESSES. Commands come line by line.
import { createInterface } from 'node:readline';
import { startProgram } from 'selfman/world/real';
import { registerProgram } from './register.mjs';

const [data, name, listen, peers] = process.argv.slice(2);
const started = await startProgram(registerProgram(), { data, name, listen, peers: peers.split(',') });
if (!started.ok) throw new Error(started.error);
console.log('ready');

for await (const line of createInterface({ input: process.stdin })) {
  const [kind, value] = line.split(' ');
  const answer = await started.value.ask({ kind, value });
  console.log(JSON.stringify(answer));
}
await started.value.stop();
