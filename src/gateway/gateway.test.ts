import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TestGateway } from '../../test/testGateway.ts';
import { bytesOfText, textOfBytes } from '../base/index.ts';

function ask(...lines: string[]): string {
  const gateway = new TestGateway();
  const client = gateway.connect();
  for (const line of lines) client.send(`${line}\r\n`);
  return client.replies();
}

/** What the last of some lines is answered. */
function last(...lines: string[]): string {
  const gateway = new TestGateway();
  const client = gateway.connect();
  for (const line of lines.slice(0, -1)) client.send(`${line}\r\n`);
  client.replies();
  client.send(`${lines.at(-1)}\r\n`);
  return client.replies();
}

describe('strings', () => {
  test('SET with its options does as Redis does', () => {
    expect(ask('SET k v', 'GET k', 'GET none')).toBe('+OK\r\n$1\r\nv\r\n$-1\r\n');
    expect(ask('SET k 1 NX', 'SET k 2 NX', 'SET k 3 XX', 'SET o 4 XX', 'GET k')).toBe(
      '+OK\r\n$-1\r\n+OK\r\n$-1\r\n$1\r\n3\r\n',
    );
    expect(ask('SET k 1 GET', 'SET k 2 GET', 'SET k 3 NX GET', 'GET k')).toBe(
      '$-1\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n2\r\n',
    );
    expect(ask('SET k v PX 10000', 'SET k w KEEPTTL', 'PTTL k', 'SET k x', 'TTL k')).toBe(
      '+OK\r\n+OK\r\n:10000\r\n+OK\r\n:-1\r\n',
    );
    expect(last('SET k v EX 0')).toBe("-ERR invalid expire time in 'set' command\r\n");
    expect(last('SET k v EX 1.5')).toBe('-ERR value is not an integer or out of range\r\n');
    expect(last('SET k v NX XX')).toBe('-ERR syntax error\r\n');
    expect(last('SET k v EX 5 KEEPTTL')).toBe('-ERR syntax error\r\n');
    expect(last('SET k')).toBe("-ERR wrong number of arguments for 'set' command\r\n");
  });

  test('the older ways to set and get', () => {
    expect(ask('SETNX k a', 'SETNX k b', 'GETSET k c', 'GETDEL k', 'GETDEL k')).toBe(
      ':1\r\n:0\r\n$1\r\na\r\n$1\r\nc\r\n$-1\r\n',
    );
    expect(ask('SETEX k 10 v', 'TTL k', 'PSETEX k 1500 v', 'PTTL k')).toBe('+OK\r\n:10\r\n+OK\r\n:1500\r\n');
    expect(last('SETEX k 0 v')).toBe("-ERR invalid expire time in 'setex' command\r\n");
    expect(ask('SET k v', 'GETEX k EX 7', 'TTL k', 'GETEX k PERSIST', 'TTL k')).toBe(
      '+OK\r\n$1\r\nv\r\n:7\r\n$1\r\nv\r\n:-1\r\n',
    );
    expect(ask('MSET a 1 b 2', 'MGET a none b', 'MSETNX b 3 c 4', 'MSETNX c 3 d 4')).toBe(
      '+OK\r\n*3\r\n$1\r\n1\r\n$-1\r\n$1\r\n2\r\n:0\r\n:1\r\n',
    );
    expect(last('MSET a 1 b')).toBe("-ERR wrong number of arguments for 'mset' command\r\n");
  });

  test('parts of values', () => {
    expect(ask('APPEND k Hello', 'APPEND k !', 'STRLEN k', 'STRLEN none')).toBe(':5\r\n:6\r\n:6\r\n:0\r\n');
    expect(ask('SET k Hello', 'GETRANGE k 1 -2', 'GETRANGE k -100 1', 'GETRANGE k 3 1', 'GETRANGE none 0 -1')).toBe(
      '+OK\r\n$3\r\nell\r\n$2\r\nHe\r\n$0\r\n\r\n$0\r\n\r\n',
    );
    expect(ask('SETRANGE k 3 ab', 'GET k', 'SETRANGE k 0 ""', 'SETRANGE k -1 x')).toBe(
      ':5\r\n$5\r\n\0\0\0ab\r\n:5\r\n-ERR offset is out of range\r\n',
    );
    expect(last('SETRANGE k 999999999 x')).toBe('-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n');
  });

  test('counters are exact to the last of 64 bits', () => {
    expect(ask('INCR n', 'INCRBY n 41', 'DECR n', 'DECRBY n 2')).toBe(':1\r\n:42\r\n:41\r\n:39\r\n');
    expect(ask('SET n 9223372036854775806', 'INCR n', 'INCR n')).toBe(
      '+OK\r\n:9223372036854775807\r\n-ERR increment or decrement would overflow\r\n',
    );
    expect(ask('SET n " 1"', 'INCR n', 'INCRBY n 1e3', 'DECRBY n -9223372036854775808')).toBe(
      '+OK\r\n-ERR value is not an integer or out of range\r\n-ERR value is not an integer or out of range\r\n' +
        '-ERR decrement would overflow\r\n',
    );
  });
});

describe('keys', () => {
  test('delete, count, rename and tell the type', () => {
    expect(ask('MSET a 1 b 2 c 3', 'EXISTS a a none', 'TOUCH a', 'DEL a none', 'UNLINK b', 'DBSIZE')).toBe(
      '+OK\r\n:2\r\n:1\r\n:1\r\n:1\r\n:1\r\n',
    );
    expect(ask('SET a 1', 'TYPE a', 'TYPE none', 'RENAME a b', 'RENAME a b', 'SET c 2', 'RENAMENX b c')).toBe(
      '+OK\r\n+string\r\n+none\r\n+OK\r\n-ERR no such key\r\n+OK\r\n:0\r\n',
    );
    expect(ask('SET a 1', 'FLUSHALL', 'DBSIZE', 'FLUSHDB ASYNC', 'FLUSHDB NOW')).toBe(
      '+OK\r\n+OK\r\n:0\r\n+OK\r\n-ERR syntax error\r\n',
    );
  });

  test('expiries with their conditions', () => {
    expect(ask('SET k v', 'EXPIRE k 100', 'TTL k', 'PERSIST k', 'PERSIST k', 'TTL k', 'TTL none')).toBe(
      '+OK\r\n:1\r\n:100\r\n:1\r\n:0\r\n:-1\r\n:-2\r\n',
    );
    expect(ask('SET k v', 'EXPIRE k 9 XX', 'EXPIRE k 9 GT', 'EXPIRE k 9 LT', 'EXPIRE k 5 GT', 'EXPIRE k 20 GT')).toBe(
      '+OK\r\n:0\r\n:0\r\n:1\r\n:0\r\n:1\r\n',
    );
    expect(ask('SET k v', 'PEXPIREAT k 1700000001500', 'PEXPIRETIME k', 'EXPIRETIME k', 'PEXPIRE k -1', 'GET k')).toBe(
      '+OK\r\n:1\r\n:1700000001500\r\n:1700000002\r\n:1\r\n$-1\r\n',
    );
    expect(last('EXPIRE k 1 NX GT')).toBe('-ERR NX and XX, GT or LT options at the same time are not compatible\r\n');
    expect(last('EXPIRE k 1 GT LT')).toBe('-ERR GT and LT options at the same time are not compatible\r\n');
    expect(last('EXPIRE k 1 FOO')).toBe('-ERR Unsupported option FOO\r\n');
    expect(last('EXPIRE k 9223372036854775807')).toBe("-ERR invalid expire time in 'expire' command\r\n");
  });

  test('KEYS and SCAN list what matches, also over many pages', () => {
    const gateway = new TestGateway();
    const client = gateway.connect();
    for (let i = 0; i < 50; i++) client.send(`SET user:${i} x\r\n`);
    client.send('SET other y\r\n');
    client.replies();
    client.send('KEYS user:?\r\n');
    expect(client.replies().split('\r\n')[0]).toBe('*10');
    client.send('KEYS *r\r\n');
    expect(client.replies()).toBe('*1\r\n$5\r\nother\r\n');
    const seen = new Set<string>();
    let cursor = '0';
    do {
      client.send(`SCAN ${cursor} MATCH user:* COUNT 7\r\n`);
      const [, , next, , ...rest] = client.replies().split('\r\n');
      cursor = next!;
      for (const word of rest) if (word.startsWith('user:')) seen.add(word);
    } while (cursor !== '0');
    expect(seen.size).toBe(50);
    client.send('SCAN 0 TYPE hash COUNT 1000\r\nSCAN abc\r\nSCAN 12345\r\nSCAN 0 COUNT 0\r\n');
    expect(client.replies()).toBe(
      '*2\r\n$1\r\n0\r\n*0\r\n-ERR invalid cursor\r\n' +
        '-ERR this peer does not know the cursor (any more): start again with 0\r\n-ERR syntax error\r\n',
    );
  });
});

describe('transactions', () => {
  test('EXEC answers for every queued command, and one error does not stop the others', () => {
    expect(ask('MULTI', 'SET k v', 'PING', 'INCR k', 'GET k', 'SET k', 'DISCARD', 'GET k').split('\r\n').at(-2)).toBe(
      '$-1',
    );
    expect(ask('MULTI', 'SET k v', 'PING', 'INCR k', 'SET k x FOO', 'GET k', 'EXEC')).toBe(
      '+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*5\r\n+OK\r\n+PONG\r\n' +
        '-ERR value is not an integer or out of range\r\n-ERR syntax error\r\n$1\r\nv\r\n',
    );
    expect(last('MULTI', 'SET k', 'EXEC')).toBe('-EXECABORT Transaction discarded because of previous errors.\r\n');
    expect(last('MULTI', 'CLIENT FOO', 'EXEC')).toContain('-EXECABORT');
    expect(ask('MULTI', 'MULTI', 'WATCH k', 'EXEC')).toBe(
      '+OK\r\n-ERR MULTI calls can not be nested\r\n-ERR WATCH inside MULTI is not allowed\r\n*0\r\n',
    );
    expect(ask('EXEC', 'DISCARD', 'MULTI', 'KEYS *', 'EXEC')).toBe(
      '-ERR EXEC without MULTI\r\n-ERR DISCARD without MULTI\r\n+OK\r\n+QUEUED\r\n*1\r\n*0\r\n',
    );
  });

  test('EXEC does nothing if a watched key changed', () => {
    const gateway = new TestGateway();
    const [one, other] = [gateway.connect(), gateway.connect()];
    one.send('WATCH k\r\nMULTI\r\nSET k mine\r\n');
    expect(one.replies()).toBe('+OK\r\n+OK\r\n+QUEUED\r\n');
    other.send('SET k theirs\r\n');
    other.replies();
    one.send('EXEC\r\nGET k\r\nWATCH k\r\nUNWATCH\r\n');
    expect(one.replies()).toBe('*-1\r\n$6\r\ntheirs\r\n+OK\r\n+OK\r\n');
    other.send('SET k again\r\n');
    one.send('MULTI\r\nSET k mine\r\nEXEC\r\nGET k\r\n');
    expect(one.replies()).toBe('+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n$4\r\nmine\r\n');
  });
});

describe('connections', () => {
  test('HELLO chooses the protocol', () => {
    const gateway = new TestGateway();
    const client = gateway.connect();
    client.send('HELLO 3 AUTH default x SETNAME me\r\n');
    expect(client.replies()).toMatch(/^%8\r\n\$6\r\nserver\r\n\$5\r\nredis\r\n.*\$5\r\nproto\r\n:3\r\n/s);
    client.send('GET none\r\nCLIENT GETNAME\r\nCONFIG GET save\r\nHELLO 4\r\nHELLO x\r\nRESET\r\nGET none\r\n');
    expect(client.replies()).toBe(
      '_\r\n$2\r\nme\r\n%1\r\n$4\r\nsave\r\n$0\r\n\r\n-NOPROTO unsupported protocol version\r\n' +
        '-ERR Protocol version is not an integer or out of range\r\n+RESET\r\n$-1\r\n',
    );
  });

  test('what is not there says so', () => {
    expect(ask('XADD k * a b')).toBe("-ERR the command 'xadd' of Redis is not there yet\r\n");
    expect(ask('FOO bar "b z"')).toBe("-ERR unknown command 'FOO', with args beginning with: 'bar' 'b z' \r\n");
    expect(ask('SELECT 1', 'SELECT 0', 'SELECT x')).toBe(
      '-ERR DB index is out of range\r\n+OK\r\n-ERR value is not an integer or out of range\r\n',
    );
    expect(ask('CLIENT FOO', 'CLIENT SETINFO lib-name x', 'CLIENT ID')).toBe(
      "-ERR unknown subcommand 'FOO'. Try CLIENT HELP.\r\n+OK\r\n:1\r\n",
    );
    expect(
      ask('SELFMAN HELP')
        .split('\r\n')
        .filter((line) => /^[A-Z]+$/.test(line)),
    ).toEqual(['EVENTUAL', 'OUTCOME', 'RANGE', 'STALE', 'HELP']);
    expect(ask('__proto__', 'constructor x').split('\r\n')[1]).toBe(
      "-ERR unknown command 'constructor', with args beginning with: 'x' ",
    );
    expect(ask('AUTH secret')).toContain('-ERR AUTH <password> called without any password configured');
  });

  test('INFO, COMMAND and TIME tell what clients ask before they trust a server', () => {
    expect(ask('INFO')).toMatch(/redis_version:7\.2.*loading:0.*role:master/s);
    expect(ask('SET a 1', 'INFO keyspace')).toContain('db0:keys=1,expires=0');
    expect(ask('TIME')).toBe('*2\r\n$10\r\n1700000000\r\n$1\r\n0\r\n');
    expect(ask('COMMAND COUNT')).toMatch(/^:\d\d\d\r\n$/);
    expect(ask('COMMAND INFO get nope')).toMatch(/^\*2\r\n\*10\r\n\$3\r\nget\r\n:2\r\n.*\*-1\r\n$/s);
    expect(ask('COMMAND DOCS get')).toContain('summary');
    expect(ask('CLIENT LIST')).toContain('cmd=client');
  });

  test('QUIT ends the connection and what came behind it is not executed', () => {
    const gateway = new TestGateway();
    const client = gateway.connect();
    client.send('SET k v\r\nQUIT\r\nSET k w\r\n');
    expect(client.replies()).toBe('+OK\r\n+OK\r\n');
    expect(client.isClosed).toBe(true);
  });

  test('HTTP, broken quotes and broken lengths end the connection', () => {
    for (const [bytes, reply] of [
      ['POST / HTTP/1.1\r\nHost: x\r\n', ''],
      ['GET "x\r\n', '-ERR Protocol error: unbalanced quotes in request\r\n'],
      ['*0x10\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
      ['*1\r\n$ 1\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
      ['*1\r\n$1e3\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
      ['*1\r\n$\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
      ['*1\r\n$-1\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
      ['*1\r\nfoo\r\n', "-ERR Protocol error: expected '$', got 'f'\r\n"],
      ['*1048577\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
      [`PING ${'x'.repeat(70_000)}\r\n`, '-ERR Protocol error: too big inline request\r\n'],
    ] as const) {
      const client = new TestGateway().connect();
      client.send(bytes);
      expect(client.replies()).toBe(reply);
      expect(client.isClosed).toBe(true);
    }
  });

  test('empty requests are passed over', () => {
    expect(ask('', '*0', '*-1', 'PING')).toBe('+PONG\r\n');
  });
});

describe('SELFMAN', () => {
  test('RANGE lists keys and values in order and never hides that there are more', () => {
    expect(ask('MSET b 2 a 1 c 3', 'SELFMAN RANGE a c', 'SELFMAN RANGE b "" LIMIT 1')).toBe(
      '+OK\r\n*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n',
    );
    expect(last('SELFMAN RANGE a b LIMIT x')).toBe('-ERR value is not an integer or out of range\r\n');
  });

  test('OUTCOME tells what became of a command whose outcome was unknown', () => {
    const gateway = new TestGateway();
    const client = gateway.connect();
    gateway.loseNext = 'reply';
    client.send('INCR n\r\n');
    const unknown = client.replies();
    const id = /^-UNKNOWN outcome of (\S+); ask: SELFMAN OUTCOME \1\r\n$/.exec(unknown)![1];
    client.send(`SELFMAN OUTCOME ${id}\r\n`);
    expect(client.replies()).toBe('*2\r\n$8\r\nexecuted\r\n:1\r\n');
    gateway.loseNext = 'call';
    client.send('INCR n\r\n');
    const lost = /outcome of (\S+);/.exec(client.replies())![1];
    client.send(`SELFMAN OUTCOME ${lost}\r\nGET n\r\nSELFMAN OUTCOME x\r\n`);
    expect(client.replies()).toBe('*2\r\n$5\r\nnever\r\n$-1\r\n$1\r\n1\r\n-ERR no operation has such an id\r\n');
    gateway.loseNext = 'refuse';
    client.send('INCR n\r\n');
    expect(client.replies()).toBe('-CLUSTERDOWN no leader is known\r\n');
  });
});

const words = fc.constantFrom(
  'GET',
  'SET',
  'k',
  'MULTI',
  'EXEC',
  'PING',
  'INCR',
  'n',
  '*',
  'KEYS',
  'HELLO',
  '3',
  'SCAN',
  '0',
  '"',
  '\0',
  'DEL',
  'WATCH',
);
const anyRequest = fc.array(words, { minLength: 1, maxLength: 4 }).map((parts) => {
  const bulks = parts.map((part) => `$${part.length}\r\n${part}\r\n`);
  return `*${parts.length}\r\n${bulks.join('')}`;
});
const anyLine = fc.array(words, { maxLength: 3 }).map((parts) => `${parts.join(' ')}\r\n`);
const anyGarbage = fc.constantFrom('*', '$', '\r\n', '*2\r\n', '$5\r\n', '*-1\r\n', 'x', '\n', '*1\r\n$3\r\n');
const anyStream = fc.array(fc.oneof({ weight: 6, arbitrary: anyRequest }, anyLine, anyGarbage), { maxLength: 20 });

function converse(chunks: readonly Uint8Array[]): string {
  const client = new TestGateway().connect();
  for (const chunk of chunks) client.sendBytes(chunk);
  return client.replies() + (client.isClosed ? '<closed>' : '');
}

test('however the bytes are cut, the replies are the same', () => {
  fc.assert(
    fc.property(anyStream, fc.array(fc.nat(40), { minLength: 1, maxLength: 30 }), (stream, cuts) => {
      const bytes = bytesOfText(stream.join(''));
      const chunks: Uint8Array[] = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const end = at + 1 + cuts[i % cuts.length]!;
        chunks.push(bytes.subarray(at, end));
        at = end;
      }
      expect(converse(chunks)).toBe(converse([bytes]));
    }),
    { numRuns: 300 },
  );
});

test('any bytes are answered, or end the connection', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (chunks) => {
      const replies = converse([...chunks, bytesOfText('\r\nPING\r\n')]);
      expect(typeof replies).toBe('string');
    }),
    { numRuns: 300 },
  );
});

test('a pipeline behaves as its commands one by one', () => {
  const anyCommand = fc.constantFrom(
    'INCR n',
    'GET n',
    'APPEND n 1',
    'DEL n',
    'PING',
    'SET n 5',
    'STRLEN n',
    'MULTI',
    'EXEC',
  );
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 40 }), (commands) => {
      const pipelined = new TestGateway().connect();
      pipelined.send(commands.map((command) => `${command}\r\n`).join(''));
      const single = new TestGateway().connect();
      let replies = '';
      for (const command of commands) {
        single.send(`${command}\r\n`);
        replies += single.replies();
      }
      expect(pipelined.replies()).toBe(replies);
    }),
    { numRuns: 200 },
  );
});

test('binary keys and values come back as they are', () => {
  const client = new TestGateway().connect();
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  client.sendBytes(bytesOfText('*3\r\n$3\r\nSET\r\n$256\r\n'));
  client.sendBytes(bytes);
  client.sendBytes(bytesOfText('\r\n$256\r\n'));
  client.sendBytes(bytes);
  client.sendBytes(bytesOfText('\r\nKEYS *\r\n'));
  const raw = client.replyBytes();
  expect(textOfBytes(raw.subarray(0, 15))).toBe('+OK\r\n*1\r\n$256\r\n');
  expect(raw.subarray(15, 271)).toEqual(bytes);
});
