import { connect } from 'node:net';
import { Exit } from './exit.ts';
import { formatReply, ReplyReader } from './redisReply.ts';
import { encodeCommand } from './redisWriter.ts';

interface RedisFlags {
  readonly host: string;
  readonly port: number;
}

const replyMsMax = 30_000;

/** Sends one command and prints the reply as redis-cli does. */
export async function redis(words: readonly string[], { host, port }: RedisFlags): Promise<void> {
  const reply = await roundTrip(words, host, port);
  console.log(formatReply(reply, process.stdout.isTTY));
  if (reply.kind === 'error') process.exitCode = 1;
}

function roundTrip(words: readonly string[], host: string, port: number) {
  const reader = new ReplyReader();
  return new Promise<ReturnType<ReplyReader['take']> & object>((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Exit(1, reason));
    };
    socket.setTimeout(replyMsMax, () => fail(`No reply from ${host}:${port} within ${replyMsMax / 1000} s.`));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      fail(`No peer serves ${host}:${port} (${error.code}): see selfman status.`),
    );
    socket.on('connect', () => socket.write(encodeCommand(words)));
    socket.on('data', (chunk) => {
      reader.add(chunk);
      const reply = reader.take();
      if (reply === undefined) return;
      socket.destroy();
      resolve(reply);
    });
    socket.on('end', () => fail(`${host}:${port} closed the connection without a reply.`));
  });
}
