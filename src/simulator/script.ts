import { failure, type Result, success } from '../base/index.ts';
import type { Script, Step } from './step.ts';

/** A script as a file that people can read and change: one line a step. */
export function scriptText({ steps, ...setting }: Script): string {
  const head = JSON.stringify(setting).slice(0, -1);
  return `${head},"steps":[\n${steps.map((step) => JSON.stringify(step)).join(',\n')}\n]}\n`;
}

/** The script of a file, or why there is none in it. Whether its steps can be done is seen when it runs. */
export function parseScript(text: string): Result<Script, string> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const { scenario, seed, peers, reads, steps } = parsed.value as Partial<Script>;
  if (typeof scenario !== 'string' || typeof seed !== 'number' || typeof peers !== 'number' || !Array.isArray(steps)) {
    return failure('it must have a scenario, a seed, peers and steps');
  }
  if (reads !== 'lease' && reads !== 'quorum') return failure('reads must be lease or quorum');
  const bad = (steps as readonly unknown[]).findIndex((step) => !isStep(step));
  if (bad >= 0) return failure(`step ${bad + 1} is none: it must have a kind that there is, and atMs`);
  return success({ scenario, seed, peers, reads, steps: steps as readonly Step[] });
}

function parseJson(text: string): Result<object, string> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? success(value) : failure('it is no object');
  } catch (error) {
    if (error instanceof SyntaxError) return failure(error.message);
    throw error;
  }
}

function isStep(value: unknown): boolean {
  const step = value as Partial<Step> | null;
  if (typeof step !== 'object' || step === null || typeof step.atMs !== 'number') return false;
  return ['fault', 'call', 'transfer', 'split', 'merge', 'arrange'].includes(step.kind ?? '');
}
