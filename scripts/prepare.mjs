// Makes the checkout ready: the right Node, the packages of the lockfile, the built program. Free of dependencies.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isQuiet = process.argv.includes('--quiet');
const forceBuild = process.argv.includes('--build');
const cache = join(root, '.cache');

function say(text) {
  if (!isQuiet) console.log(text);
}

function stop(text) {
  console.error(text);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Selfman needs Node 20.19 or later, and this is ${process.versions.node}: install a newer one and try again.`);
}

function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

/** True if `inputs` changed since the last time that `done` was called. */
function changed(name, mark) {
  const file = join(cache, name);
  return !existsSync(file) || readFileSync(file, 'utf8') !== mark;
}

function remember(name, mark) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, name), mark);
}

function run(what, command, args) {
  const outcome = spawnSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (outcome.status === 0) return;
  process.stderr.write(`${outcome.stdout ?? ''}${outcome.stderr ?? ''}`);
  stop(`${what} failed: read the lines above, mend the cause and try again.`);
}

function install() {
  const mark = fingerprint(['package.json', 'package-lock.json']);
  if (existsSync(join(root, 'node_modules')) && !changed('installed', mark)) return;
  say('Installing packages ...');
  run('Installing the packages', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  remember('installed', mark);
}

function sources(folder) {
  const found = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...sources(path));
    else if (!entry.name.endsWith('.test.ts')) found.push(path);
  }
  return found.sort();
}

function build() {
  const configs = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  const mark = fingerprint([...configs.sort(), ...sources('src')]);
  if (!forceBuild && existsSync(join(root, 'dist/cli/main.js')) && !changed('built', mark)) return;
  say('Building ...');
  removeStale();
  run('Building', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b']);
  for (const room of ['dashboard', 'viewer']) copyPage(room);
  remember('built', mark);
}

/** What was built from a file that is gone must go too: it would live on in the package. */
function removeStale() {
  const dist = join(root, 'dist');
  if (!existsSync(dist)) return;
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of readdirSync(join(dist, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else if (/\.js$/.test(path) && !existsSync(join(root, 'src', path.replace(/\.js$/, '.ts'))))
        rmSync(join(dist, path));
    }
  }
}

/** A page's files that need no compiler. */
function copyPage(room) {
  const from = join(root, 'src', room);
  const to = join(root, 'dist', room);
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (/\.(html|css|svg)$/.test(name) && statSync(join(from, name)).isFile()) {
      writeFileSync(join(to, name), readFileSync(join(from, name)));
    }
  }
}

checkNode();
install();
build();
