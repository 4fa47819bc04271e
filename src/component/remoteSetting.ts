import { failure, type Result, success } from '../base/index.ts';
import type { Graph } from './graph.ts';
import { type Path, parsePath } from './path.ts';

/** Sets all attributes that a path leads to, or says why one refuses, in which case none is set: how many it set. */
export function setAttributesAt(graph: Graph, path: string | Path, value: unknown): Result<number, string> {
  const parsed = typeof path === 'string' ? parsePath(path) : success(path);
  if (!parsed.ok) return failure(parsed.error.text);
  const attributes = graph.path(parsed.value).filter((node) => node.kind === 'attribute');
  const refusal = attributes.map((one) => one.offer(value)).find(({ ok }) => !ok);
  if (refusal?.ok === false) return refusal;
  for (const one of attributes) one.set(value);
  if (attributes.length > 0) return success(attributes.length);
  return failure(`${typeof path === 'string' ? path : 'the path'} leads to no attribute`);
}
