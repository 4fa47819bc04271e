import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const imageBytes = 640 * 1024 * 1024;
const fillBytes = 1024 * 1024;
const fillName = 'filling';

function run(command, ...words) {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr.trim()}`);
}

/** Where one peer keeps its folder: a file system of its own if `isMounted`, which can be filled up; else a plain folder. */
export class Disk {
  folder;
  #image;

  constructor(folder, isMounted) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    if (!isMounted) return;
    this.#image = `${folder}.image`;
    closeSync(openSync(this.#image, 'w'));
    truncateSync(this.#image, imageBytes);
    run('mkfs.ext4', '-q', '-m', '0', this.#image);
    run('mount', '-o', 'loop', this.#image, folder);
  }

  /** What the peer's own files take. */
  get bytes() {
    const paths = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    const sizeOf = (path) => statSync(join(this.folder, path), { throwIfNoEntry: false })?.blocks * 512 || 0;
    return paths
      .filter((path) => path !== fillName && path !== 'lost+found')
      .reduce((sum, path) => sum + sizeOf(path), 0);
  }

  /** Takes all room that is left. */
  fill() {
    const file = openSync(join(this.folder, fillName), 'w');
    let piece = Buffer.alloc(fillBytes);
    try {
      while (piece.length > 0) {
        try {
          writeSync(file, piece);
        } catch (error) {
          if (error.code !== 'ENOSPC') throw error;
          piece = piece.subarray(0, Math.floor(piece.length / 2));
        }
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  relieve() {
    rmSync(join(this.folder, fillName), { force: true });
  }

  /** As a new disk: nothing of the peer is left. */
  wipe() {
    for (const name of readdirSync(this.folder)) {
      if (name !== 'lost+found') rmSync(join(this.folder, name), { recursive: true, force: true });
    }
  }

  /** Gives the file system back; its peer must have ended. The image stays, to be looked into. */
  unmount() {
    if (this.#image !== undefined) run('umount', this.folder);
  }

  remove() {
    this.unmount();
    rmSync(this.folder, { recursive: true, force: true });
    if (this.#image !== undefined) rmSync(this.#image);
  }
}
