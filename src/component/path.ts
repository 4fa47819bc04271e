import { assert, failure, type Result, success } from '../base/index.ts';
import { type AxisName, axes, isAxis, properties } from './axis.ts';
import { type PathError, PathReader, PathSyntaxError } from './pathReader.ts';

/** Which nodes an axis is to give: all, those of a kind of their own (not the system), or those of a name. */
export type NodeTest =
  | { readonly kind: 'any' }
  | { readonly kind: 'every' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'prefix'; readonly prefix: string };

export interface PathStep {
  readonly axis: AxisName;
  readonly test: NodeTest;
  readonly conditions: readonly Condition[];
}

/** A path as `parsePath` makes it: steps, or two paths whose nodes are joined, met or taken away. */
export type Path =
  | { readonly kind: 'steps'; readonly isAbsolute: boolean; readonly steps: readonly PathStep[] }
  | { readonly kind: '|' | '&' | '\\'; readonly left: Path; readonly right: Path };

export type Operand =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'attribute' | 'property'; readonly name: string }
  | { readonly kind: 'count' | 'path'; readonly path: Path };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'holds'; readonly operand: Operand };

/**
 * Reads a path in the manner of FPath: steps of `axis::name[condition]` between slashes. Without an axis a step means
 * children; `@name` an attribute, `.` the node, `..` its owners, `//` any depth. A name is that of the node or of its
 * definition, `*` all, `stage*` those that begin so, and in quotes where it has other characters than letters, digits, - and _.
 * Conditions compare `@attributes`, properties (`state`, `definition`, ...), `count(path)`, numbers, `'texts'`, true and
 * false, with `and`, `or`, `not()`; a path alone holds where it leads anywhere. Paths join by `|`, `&` and `\`.
 */
export function parsePath(text: string): Result<Path, PathError> {
  try {
    const reader = new PathReader(text);
    const path = readUnion(reader);
    if (reader.next.kind !== 'end') reader.refuse('/, [, |, & or the end');
    return success(path);
  } catch (error) {
    if (error instanceof PathSyntaxError) return failure(error.error);
    throw error;
  }
}

/** The path that a text of the program's own is. */
export function pathOf(text: string): Path {
  const parsed = parsePath(text);
  assert(parsed.ok, () => (parsed.ok ? '' : parsed.error.text));
  return parsed.value;
}

function readUnion(reader: PathReader): Path {
  let left = readSteps(reader);
  while (reader.isAt('|', '&', '\\')) {
    left = { kind: reader.take().text as '|' | '&' | '\\', left, right: readSteps(reader) };
  }
  return left;
}

const anyDepth: PathStep = { axis: 'descendant-or-self', test: { kind: 'any' }, conditions: [] };

function readSteps(reader: PathReader): Path {
  const steps: PathStep[] = [];
  const isAbsolute = reader.isAt('/', '//');
  if (!isAbsolute) steps.push(readStep(reader));
  while (reader.isAt('/', '//')) {
    if (reader.take().text === '//') steps.push(anyDepth);
    steps.push(readStep(reader));
  }
  return { kind: 'steps', isAbsolute, steps };
}

function readStep(reader: PathReader): PathStep {
  if (reader.skip('.')) return { axis: 'self', test: { kind: 'any' }, conditions: readConditions(reader) };
  if (reader.skip('..')) return { axis: 'parent', test: { kind: 'any' }, conditions: readConditions(reader) };
  const axis = readAxis(reader);
  const test = readTest(reader);
  return { axis, test, conditions: readConditions(reader) };
}

function readAxis(reader: PathReader): AxisName {
  if (reader.skip('@')) return 'attribute';
  if (reader.next.kind !== 'name' || reader.afterNext.text !== '::') return 'child';
  const { text } = reader.next;
  if (!isAxis(text)) reader.refuse(`an axis (${Object.keys(axes).join(', ')})`);
  reader.take();
  reader.require('::');
  return text;
}

function readTest(reader: PathReader): NodeTest {
  if (reader.skip('*')) return { kind: 'every' };
  const { kind, text } = reader.next;
  if (kind !== 'name' && kind !== 'text') reader.refuse('a name or *');
  reader.take();
  if (kind === 'name' && text.endsWith('*')) return { kind: 'prefix', prefix: text.slice(0, -1) };
  return { kind: 'name', name: text };
}

function readConditions(reader: PathReader): Condition[] {
  const conditions: Condition[] = [];
  while (reader.skip('[')) {
    conditions.push(readOr(reader));
    reader.require(']');
  }
  return conditions;
}

function readOr(reader: PathReader): Condition {
  let left = readAnd(reader);
  while (skipWord(reader, 'or')) left = { kind: 'or', left, right: readAnd(reader) };
  return left;
}

function readAnd(reader: PathReader): Condition {
  let left = readCondition(reader);
  while (skipWord(reader, 'and')) left = { kind: 'and', left, right: readCondition(reader) };
  return left;
}

function readCondition(reader: PathReader): Condition {
  if (reader.next.text === 'not' && reader.afterNext.text === '(') {
    reader.take();
    return { kind: 'not', condition: readGroup(reader) };
  }
  if (reader.isAt('(')) return readGroup(reader);
  const left = readOperand(reader);
  if (!reader.isAt('=', '!=', '<', '<=', '>', '>=')) return { kind: 'holds', operand: left };
  if (left.kind === 'path') reader.refuse(']: a path alone is no value, but count(path) is');
  const operator = reader.take().text as Comparison;
  const at = reader.next;
  const right = readOperand(reader);
  if (right.kind === 'path') reader.refuse('a value, as in count(path)', at);
  return { kind: 'compare', operator, left, right };
}

function readGroup(reader: PathReader): Condition {
  reader.require('(');
  const condition = readOr(reader);
  reader.require(')');
  return condition;
}

function readOperand(reader: PathReader): Operand {
  const { kind, text } = reader.next;
  if (kind === 'number' || kind === 'text') {
    reader.take();
    return { kind: 'literal', value: kind === 'number' ? Number(text) : text };
  }
  if (kind === 'name') return readNamed(reader, text);
  if (reader.skip('@')) {
    const name = reader.next;
    if (name.kind !== 'name' && name.kind !== 'text') reader.refuse('the name of an attribute');
    return { kind: 'attribute', name: reader.take().text };
  }
  if (!reader.isAt('.', '..', '/', '//')) reader.refuse('a condition: an @attribute, a property, a path or a value');
  return { kind: 'path', path: readUnion(reader) };
}

function readNamed(reader: PathReader, name: string): Operand {
  const after = reader.afterNext.text;
  if (after === '::') return { kind: 'path', path: readUnion(reader) };
  if (name === 'count' && after === '(') {
    reader.take();
    reader.require('(');
    const path = readUnion(reader);
    reader.require(')');
    return { kind: 'count', path };
  }
  if (name !== 'true' && name !== 'false' && !Object.hasOwn(properties, name)) {
    reader.refuse(`a property (${Object.keys(properties).join(', ')}), true or false, or a path from . or an axis`);
  }
  reader.take();
  return Object.hasOwn(properties, name) ? { kind: 'property', name } : { kind: 'literal', value: name === 'true' };
}

function skipWord(reader: PathReader, word: string): boolean {
  const isHere = reader.next.kind === 'name' && reader.next.text === word;
  if (isHere) reader.take();
  return isHere;
}
