import { spawnSync } from 'node:child_process';

/** Of the two networks, the first is that of the peers, whose links are cut; over the other they are asked how they are, and it never is. */
const usual = { prefix: 'selfman', nets: ['10.77.1', '10.77.2'] };

function ip(...words) {
  const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr.trim()}`);
}

function isThere(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

/** Why there can be no namespaces here, as a sentence; undefined where there can be. */
export function hindrance() {
  if (process.getuid?.() !== 0) return 'Network namespaces are made as root: run it again as root.';
  const missing = ['ip', 'iptables'].filter((program) => !isThere(program));
  if (missing.length > 0) return `${missing.join(' and ')} must be installed: apt-get install -y iproute2 iptables.`;
  if (spawnSync('unshare', ['-n', 'true']).status !== 0) return 'This machine allows no network namespaces.';
  return undefined;
}

/** So many hosts, each a network namespace with an address of its own; hosts are counted from 1. */
export class Namespaces {
  #count;
  #prefix;
  #nets;

  /** Two runs on one machine take different prefixes and nets. */
  constructor(count, { prefix, nets } = usual) {
    this.#count = count;
    this.#prefix = prefix;
    this.#nets = nets;
    this.remove();
    for (const [k, net] of nets.entries()) {
      const bridge = `${prefix}${k}`;
      ip('link', 'add', bridge, 'type', 'bridge');
      ip('addr', 'add', `${net}.254/24`, 'dev', bridge);
      ip('link', 'set', bridge, 'up');
    }
    for (let i = 1; i <= count; i++) this.#add(i);
  }

  #add(i) {
    const prefix = this.#prefix;
    ip('netns', 'add', `${prefix}${i}`);
    for (const [k, net] of this.#nets.entries()) {
      const [outside, inside] = [`${prefix}${i}-${k}`, `eth${k}`];
      ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', `${prefix}${i}`);
      ip('link', 'set', outside, 'master', `${prefix}${k}`, 'up');
      this.#within(i, 'ip', 'addr', 'add', `${net}.${i}/24`, 'dev', inside);
      this.#within(i, 'ip', 'link', 'set', inside, 'up');
    }
    this.#within(i, 'ip', 'link', 'set', 'lo', 'up');
  }

  #within(i, ...words) {
    ip('netns', 'exec', `${this.#prefix}${i}`, ...words);
  }

  /** What starts a program on a host. */
  command(i, program, words) {
    return ['ip', ['netns', 'exec', `${this.#prefix}${i}`, program, ...words]];
  }

  peerAddress(i) {
    return `${this.#nets[0]}.${i}`;
  }

  lookAddress(i) {
    return `${this.#nets[1]}.${i}`;
  }

  /** Nothing that one host sends reaches the other; the way back stays open. */
  cutOneWay(from, to) {
    this.#within(to, 'iptables', '-A', 'INPUT', '-s', this.peerAddress(from), '-j', 'DROP');
  }

  /** No host of one group reaches one of another. */
  cutGroups(groups) {
    for (const group of groups) {
      for (const other of groups) {
        if (group !== other) for (const from of group) for (const to of other) this.cutOneWay(from, to);
      }
    }
  }

  /** Nobody can open a connection to a host; those that it opens itself work both ways, as behind an address translator. */
  hide(i) {
    this.#within(i, 'iptables', '-A', 'INPUT', '-i', 'eth0', '-p', 'tcp', '--syn', '-j', 'DROP');
  }

  heal() {
    for (let i = 1; i <= this.#count; i++) this.#within(i, 'iptables', '-F', 'INPUT');
  }

  /** Leaves nothing behind, also not what an earlier run left. */
  remove() {
    const prefix = this.#prefix;
    for (let i = 1; i <= this.#count; i++) spawnSync('ip', ['netns', 'del', `${prefix}${i}`]);
    for (let i = 1; i <= this.#count; i++) {
      for (const k of [0, 1]) spawnSync('ip', ['link', 'del', `${prefix}${i}-${k}`]);
    }
    for (const k of [0, 1]) spawnSync('ip', ['link', 'del', `${prefix}${k}`]);
  }
}
