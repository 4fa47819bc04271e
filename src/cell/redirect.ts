import { parse } from '../base/index.ts';
import { type AccessMessage, operationGroup } from '../command/index.ts';
import type { Address } from '../world/index.ts';

/**
 * The answer to a request that was neither proposed nor read here: who may do it, empty where nobody is known.
 * Undefined for a group that cannot be read, whose sender cannot be told anything.
 */
export function elsewhere(request: AccessMessage, leader: Address): AccessMessage | undefined {
  const { kind, cell } = request;
  if (kind === 'read') {
    const ids = request.reads.map(({ id }) => id);
    return { kind: 'elsewhere', cell, leader, session: '', sequences: [], ids };
  }
  if (kind === 'readNear') {
    const answers = request.reads.map(({ id }) => ({ id, result: undefined }));
    return { kind: 'nearAnswers', cell, reader: request.reader, answers };
  }
  const parsed = kind === 'forward' ? parse(operationGroup, request.group) : undefined;
  if (!parsed?.ok) return undefined;
  const { session, operations } = parsed.value;
  const sequences = operations.map(({ sequence }) => sequence);
  return { kind: 'elsewhere', cell, leader, session, sequences, ids: [] };
}
