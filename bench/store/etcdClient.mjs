// A bare gRPC client of etcd's key-value service over one HTTP/2 connection with many callers. Written by hand for the
// benchmark alone: a general client would take so much CPU that it would measure itself.
import { connect } from 'node:net';

const frameTypes = { data: 0, headers: 1, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 };
const endStream = 1;
const endHeaders = 4;

export class EtcdClient {
  #socket;
  #nextStream = 1;
  #calls = new Map();
  #rest = Buffer.alloc(0);
  #received = 0;
  #heads = new Map();
  #address;

  constructor(address) {
    this.#address = address;
    const [host, port] = address.split(':');
    this.#socket = connect({ host, port: Number(port), noDelay: true });
    this.ready = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('error', reject);
    });
    this.#socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
    // No dynamic table, large windows: this client never makes the server wait.
    this.#socket.write(frame(frameTypes.settings, 0, 0, Buffer.from([0, 1, 0, 0, 0, 0, 0, 4, 0x3f, 0xff, 0xff, 0xff])));
    this.#socket.write(frame(frameTypes.windowUpdate, 0, 0, uint32(0x3fff0000)));
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('close', () => {
      for (const call of this.#calls.values()) call.done(undefined);
    });
  }

  async put(key, value) {
    return (await this.#call('/etcdserverpb.KV/Put', putRequest(key, value))) !== undefined;
  }

  async get(key) {
    return (await this.#call('/etcdserverpb.KV/Range', field(1, Buffer.from(key)))) !== undefined;
  }

  /** Read, compare and put, again until nobody came between: etcd has no other way. */
  async increment(key) {
    for (;;) {
      const read = await this.#call('/etcdserverpb.KV/Range', field(1, Buffer.from(key)));
      if (read === undefined) return false;
      const { revision, value } = firstRow(read);
      const done = await this.#call('/etcdserverpb.KV/Txn', txnRequest(key, revision, String(Number(value || 0) + 1)));
      if (done === undefined) return false;
      if (succeeded(done)) return true;
    }
  }

  /** Compares one key and puts it: two keys in two groups it cannot. */
  async pair(key, _, value) {
    return (await this.#call('/etcdserverpb.KV/Txn', alwaysRequest(key, value))) !== undefined;
  }

  async range(from, rows) {
    const request = [field(1, Buffer.from(from)), field(2, Buffer.from([0])), numberField(3, rows)];
    return (await this.#call('/etcdserverpb.KV/Range', Buffer.concat(request))) !== undefined;
  }

  close() {
    this.#socket.destroy();
  }

  /** The message of the answer, or undefined where the call failed. */
  #call(path, message) {
    const stream = this.#nextStream;
    this.#nextStream += 2;
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    const head = frame(frameTypes.headers, endHeaders, stream, this.#head(path));
    const body = frame(frameTypes.data, endStream, stream, Buffer.concat([prefix, message]));
    return new Promise((done) => {
      this.#calls.set(stream, { done, parts: [] });
      this.#socket.write(Buffer.concat([head, body]));
    });
  }

  #head(path) {
    let head = this.#heads.get(path);
    if (head === undefined) {
      const literal = (text) => Buffer.concat([hpackLength(text.length), Buffer.from(text)]);
      head = Buffer.concat([
        Buffer.from([0x83, 0x86]), // POST, http
        Buffer.from([0x04]), // :path, without indexing
        literal(path),
        Buffer.from([0x01]), // :authority
        literal(this.#address),
        Buffer.from([0x0f, 0x10]), // content-type
        literal('application/grpc'),
        Buffer.from([0x00]),
        literal('te'),
        literal('trailers'),
      ]);
      this.#heads.set(path, head);
    }
    return head;
  }

  #read(chunk) {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 9) {
      const length = bytes.readUIntBE(at, 3);
      if (bytes.length - at < 9 + length) break;
      const type = bytes[at + 3];
      const flags = bytes[at + 4];
      const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff;
      this.#take(type, flags, stream, bytes.subarray(at + 9, at + 9 + length));
      at += 9 + length;
    }
    this.#rest = bytes.subarray(at);
  }

  #take(type, flags, stream, payload) {
    if (type === frameTypes.settings && (flags & 1) === 0)
      this.#socket.write(frame(frameTypes.settings, 1, 0, Buffer.alloc(0)));
    if (type === frameTypes.ping && (flags & 1) === 0) this.#socket.write(frame(frameTypes.ping, 1, 0, payload));
    const call = this.#calls.get(stream);
    if (type === frameTypes.data) {
      call?.parts.push(Buffer.from(payload));
      this.#received += payload.length;
      if (this.#received > 0x1000000) {
        this.#socket.write(frame(frameTypes.windowUpdate, 0, 0, uint32(this.#received)));
        this.#received = 0;
      }
    }
    const isOver = (type === frameTypes.data || type === frameTypes.headers) && (flags & endStream) !== 0;
    if (!isOver || call === undefined) return;
    this.#calls.delete(stream);
    const whole = Buffer.concat(call.parts);
    call.done(whole.length >= 5 ? whole.subarray(5) : undefined);
  }
}

function frame(type, flags, stream, payload) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function hpackLength(length) {
  return length < 127 ? Buffer.from([length]) : Buffer.from([127, length - 127]);
}

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function field(number, bytes) {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function numberField(number, value) {
  return Buffer.concat([varint(number << 3), varint(value)]);
}

function putRequest(key, value) {
  return Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))]);
}

/** If the key is not at the revision 1, which it never is, put it. */
function alwaysRequest(key, value) {
  const compare = Buffer.concat([numberField(1, 3), numberField(2, 2), field(3, Buffer.from(key)), numberField(6, 1n)]);
  return Buffer.concat([field(1, compare), field(2, field(2, putRequest(key, value)))]);
}

/** If the key is still at the revision, put it. */
function txnRequest(key, revision, value) {
  const compare = Buffer.concat([numberField(2, 2), field(3, Buffer.from(key)), numberField(6, revision)]);
  return Buffer.concat([field(1, compare), field(2, field(2, putRequest(key, value)))]);
}

/** The fields of a message: number, and value as bigint or bytes. */
function* fields(bytes) {
  let at = 0;
  const readVarint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(readVarint());
    if ((tag & 7) === 0) yield [tag >> 3, readVarint()];
    else {
      const length = Number(readVarint());
      yield [tag >> 3, bytes.subarray(at, at + length)];
      at += length;
    }
  }
}

function firstRow(response) {
  for (const [number, row] of fields(response)) {
    if (number !== 2) continue;
    let revision = 0n;
    let value = '';
    for (const [part, content] of fields(row)) {
      if (part === 3) revision = content;
      if (part === 5) value = content.toString();
    }
    return { revision, value };
  }
  return { revision: 0n, value: '' };
}

function succeeded(response) {
  for (const [number, value] of fields(response)) if (number === 2) return value === 1n;
  return false;
}
