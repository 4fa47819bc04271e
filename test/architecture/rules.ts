import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { bearable, climates, fileLinesMax, floorOf, functionLinesMax, onlyFrom, roomOf } from './floors.ts';

export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly text: string;
}

interface Tree {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

type Report = (rule: string, text: string) => void;

/** Names that reach outside of what is repeatable. */
const impureNames = new Set([
  ...[
    'Date',
    'Promise',
    'Intl',
    'WeakRef',
    'FinalizationRegistry',
    'Atomics',
    'SharedArrayBuffer',
    'globalThis',
    'global',
  ],
  ...['process', 'console', 'Buffer', 'performance', 'crypto', 'fetch', 'TextEncoder', 'TextDecoder'],
  ...[
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
    'queueMicrotask',
    'structuredClone',
  ],
]);
const vagueNames = /(utils?|common|helpers?|manager|misc)\.ts$/i;

/** Every rule of the house that one file of `src/` breaks. */
export function check(path: string, source: string): Violation[] {
  const violations: Violation[] = [];
  const report: Report = (rule, text) => void violations.push({ rule, path, text });
  const room = roomOf(path);
  if (room === undefined) report('room', 'it stands in no room of the table of floors');
  checkName(path, report);
  const isTest = path.endsWith('.test.ts');
  const lines = source.split('\n').length - 1;
  if (lines > fileLinesMax) report('file length', `${lines} lines, and ${fileLinesMax} are the most`);
  const { program, errors } = parseSync(path, source);
  for (const error of errors) report('syntax', error.message);
  const climate = climates[room ?? ''] ?? 'pure';
  walk(program as unknown as Tree, (tree, parent) => {
    checkImport(path, room, isTest, tree, report);
    if (isTest) return;
    checkShape(source, tree, report);
    if (climate === 'pure' || climate === 'promises') checkPurity(climate, tree, parent, report);
  });
  return violations;
}

function checkName(path: string, report: Report): void {
  const name = path.split('/').at(-1)!;
  if (!/^[a-z][a-zA-Z0-9]*(\.test)?\.ts$/.test(name)) report('file name', 'files are named by one noun in camelCase');
  if (vagueNames.test(name)) report('file name', 'it says nothing about the job');
}

function checkImport(path: string, room: string | undefined, isTest: boolean, tree: Tree, report: Report): void {
  const source = importedFrom(tree);
  if (source === undefined || room === undefined) return;
  const climate = climates[room] ?? 'pure';
  if (!source.startsWith('.')) {
    if (!isTest && climate !== 'node') report('outside', `${source}: only rooms that know Node may import packages`);
    return;
  }
  if (!source.endsWith('.ts')) report('import', `${source}: paths end in .ts`);
  const target = join(dirname(path), source);
  const other = roomOf(target);
  if (other === undefined || other === room) return;
  const allowed = onlyFrom[other];
  if (allowed !== undefined && !allowed.includes(room) && !isTest)
    report('twin', `${source}: only ${allowed} may enter it`);
  if (floorOf(other) >= floorOf(room) && !isTest) report('floor', `${source}: ${room} may not lean on ${other}`);
  const itsClimate = climates[other] ?? 'pure';
  if (!bearable[climate].includes(itsClimate) && !isTest)
    report('climate', `${source}: a room that is ${climate} may not lean on one that knows ${itsClimate}`);
  if (target !== `src/${other}/index.ts` && !isTest) report('door', `${source}: enter ${other} by its door`);
}

function importedFrom(tree: Tree): string | undefined {
  const isImport =
    tree.type === 'ImportDeclaration' ||
    tree.type === 'ExportNamedDeclaration' ||
    tree.type === 'ExportAllDeclaration' ||
    tree.type === 'ImportExpression';
  const source = isImport ? (tree['source'] as { value?: string } | null) : null;
  return source?.value;
}

function checkShape(source: string, tree: Tree, report: Report): void {
  if (tree.type === 'ExportDefaultDeclaration') report('default export', 'exports have names');
  if (tree.type === 'TSEnumDeclaration' || tree.type === 'TSModuleDeclaration') report('erasable', 'types must erase');
  if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(tree.type)) return;
  const lines = source.slice(tree.start, tree.end).split('\n').length;
  if (lines > functionLinesMax) report('function length', `${lines} lines, and ${functionLinesMax} are the most`);
}

function checkPurity(climate: 'pure' | 'promises', tree: Tree, parent: Tree | undefined, report: Report): void {
  const mayPromise = climate === 'promises';
  if (tree.type === 'AwaitExpression' && !mayPromise) report('await', 'handlers run to completion');
  if (tree['async'] === true && !mayPromise) report('await', 'handlers run to completion');
  if (tree.type === 'MemberExpression' && memberName(tree) === 'Math.random') report('impure', 'Math.random');
  if (tree.type !== 'Identifier' || !isReference(tree, parent)) return;
  const name = tree['name'] as string;
  if (impureNames.has(name) && !(mayPromise && name === 'Promise')) report('impure', name);
}

/** True for a name that stands for a value: not the name of a property, a parameter type or a label. */
function isReference(tree: Tree, parent: Tree | undefined): boolean {
  if (parent === undefined) return true;
  if (parent.type === 'MemberExpression') return parent['object'] === tree || parent['computed'] === true;
  if (/^(Property|PropertyDefinition|MethodDefinition|TSPropertySignature|TSMethodSignature)$/.test(parent.type)) {
    return parent['value'] === tree && parent['shorthand'] !== true;
  }
  return !/^(TSTypeReference|TSQualifiedName|ImportSpecifier|ExportSpecifier|LabeledStatement)$/.test(parent.type);
}

function memberName(tree: Tree): string {
  const name = (part: unknown): string => (part as { name?: string }).name ?? '';
  return `${name(tree['object'])}.${name(tree['property'])}`;
}

function walk(tree: Tree, visit: (tree: Tree, parent: Tree | undefined) => void, parent?: Tree): void {
  visit(tree, parent);
  for (const value of Object.values(tree)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === 'object' && 'type' in child) walk(child as Tree, visit, tree);
    }
  }
}
