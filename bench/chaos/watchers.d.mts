/** What is wrong with what a watch was told of one key, in sentences. */
export function judgeKey(
  key: string,
  written: readonly { readonly number: number; readonly state: string }[],
  told: readonly (number | 'missed')[],
): readonly string[];
