import { attribute, type OwnAttributes, wholeNumber } from '../component/index.ts';
import { checkpointBytes, checkpointBytesMin, memberDeadMs, memberDeadMsMin } from './limits.ts';
import type { CellPolicy } from './replicaContext.ts';

/** What of the policy may be set while the cells run. */
export const policyAttributes = {
  memberDeadMs: attribute(wholeNumber({ min: memberDeadMsMin }), memberDeadMs),
  checkpointBytes: attribute(wholeNumber({ min: checkpointBytesMin }), checkpointBytes),
};

/** The policy that the cells begin with, and whose parts are from now on what the attributes say. */
export function livePolicy(attributes: OwnAttributes<typeof policyAttributes>, policy: CellPolicy): CellPolicy {
  attributes.memberDeadMs = policy.memberDeadMs;
  attributes.checkpointBytes = policy.checkpointBytes;
  return {
    ...policy,
    get memberDeadMs() {
      return attributes.memberDeadMs;
    },
    get checkpointBytes() {
      return attributes.checkpointBytes;
    },
  };
}
