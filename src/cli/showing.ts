import { writeFileSync } from 'node:fs';
import { type RunOptions, spaceTimeDiagram } from '../simulator/index.ts';

/** What a run of one seed can be asked to show. */
export interface ShowFlags {
  readonly trace?: boolean;
  readonly only?: readonly string[];
  readonly peer?: readonly string[];
  readonly until?: number;
  readonly untilEvent?: number;
  readonly svg?: string;
}

export function doesShow({ trace, only, peer, until, untilEvent, svg }: ShowFlags): boolean {
  return [trace, only, peer, until, untilEvent, svg].some((flag) => flag !== undefined);
}

/** How a run is to be made so that it can show what is asked. */
export function optionsOf(flags: ShowFlags): RunOptions {
  const { only: kinds, peer: peers, until: ms, untilEvent: event } = flags;
  return {
    trace: doesShow(flags) ? { ...(kinds && { kinds }), ...(peers && { peers }) } : undefined,
    until: { ...(ms !== undefined && { ms }), ...(event !== undefined && { event }) },
  };
}

/** A run, as far as it is shown. */
export interface Shown {
  readonly trace: readonly string[];
  readonly isStopped: boolean;
  readonly simulatedMs: number;
  readonly traceHash: string;
}

/** Prints the trace of a run, or draws it. True where the run was stopped before its end, so that nothing can be judged. */
export function showTrace({ trace, isStopped, simulatedMs, traceHash }: Shown, svg: string | undefined): boolean {
  if (svg === undefined) for (const line of trace) console.log(line);
  else writeFileSync(svg, spaceTimeDiagram(trace));
  if (isStopped) {
    console.log(`\nstopped at ${simulatedMs.toFixed(3)} ms, unjudged; trace hash so far: ${traceHash}`);
  }
  return isStopped;
}
