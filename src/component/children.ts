import type { Instance } from './instance.ts';

const none: readonly Instance[] = [];
/** Up to so many a search through an array is quicker than a map, and much smaller. */
const listedMax = 8;

/** The children of a component by name, in the order in which they came. Most components have none. */
export type Children = readonly Instance[] | Map<string, Instance> | undefined;

export function eachChild(children: Children): Iterable<Instance> {
  if (children === undefined) return none;
  return children instanceof Map ? children.values() : children;
}

/** A copy, for walks during which children may come and go. */
export function listChildren(children: Children): readonly Instance[] {
  return children instanceof Map ? [...children.values()] : (children ?? none);
}

export function childNamed(children: Children, name: string): Instance | undefined {
  if (children instanceof Map) return children.get(name);
  return children?.find((child) => child.name === name);
}

export function withChild(children: Children, child: Instance): Children {
  if (children instanceof Map) return children.set(child.name, child);
  if (children === undefined) return [child];
  if (children.length < listedMax) return [...children, child];
  return childrenFrom([...children, child]);
}

export function childrenFrom(list: readonly Instance[]): Children {
  if (list.length === 0) return undefined;
  return list.length <= listedMax ? list : new Map(list.map((one) => [one.name, one]));
}

export function withoutChild(children: Children, child: Instance): Children {
  if (children instanceof Map) {
    if (children.get(child.name) === child) children.delete(child.name);
    return children;
  }
  const left = children?.filter((one) => one !== child);
  return left?.length === 0 ? undefined : left;
}
