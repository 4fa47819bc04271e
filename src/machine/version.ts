import { readFileSync } from 'node:fs';

interface Package {
  readonly version: string;
}

/** The version of the program, as its package says. */
export const version = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Package)
  .version;
