// Writes docs/api from the docstrings: one page for each door of the package. `--check` writes nothing and names the pages that are
// not up to date. Types stand as they are written in the source; bodies are left out.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'docs/api');
const command = 'node scripts/api-reference.mjs';
const modules = new Map();

/** A file of the source, parsed once: its text, statements, and comments in their order. */
function moduleAt(path) {
  let found = modules.get(path);
  if (found === undefined) {
    const text = readFileSync(path, 'utf8');
    const { program, comments, errors } = parseSync(path, text);
    if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
    found = { path, text, statements: program.body, comments };
    modules.set(path, found);
  }
  return found;
}

const nameOf = (id) => id.name ?? id.value;
const declares = (statement) => (statement?.type === 'ExportNamedDeclaration' ? statement.declaration : statement);

/** The names that a statement declares. */
function declaredNames(statement) {
  const declaration = declares(statement);
  if (declaration?.type === 'VariableDeclaration') return declaration.declarations.map(({ id }) => id.name);
  return declaration?.id == null ? [] : [declaration.id.name];
}

/** What a module offers, in its order: each name, and the statements that declare it, wherever they stand. */
function exportsOf(module) {
  const found = new Map();
  for (const statement of module.statements) {
    const { type, source, specifiers = [] } = statement;
    const from = source == null ? undefined : moduleAt(join(dirname(module.path), source.value));
    if (type === 'ExportAllDeclaration') for (const [name, places] of exportsOf(from)) found.set(name, places);
    if (type !== 'ExportNamedDeclaration') continue;
    for (const { local, exported } of specifiers) found.set(nameOf(exported), placesOf(from ?? module, nameOf(local)));
    for (const name of declaredNames(statement)) found.set(name, ownPlaces(module, name));
  }
  return found;
}

function ownPlaces(module, name) {
  return module.statements
    .filter((statement) => declaredNames(statement).includes(name))
    .map((statement) => ({ module, statement, name }));
}

/** Where a name of a module is declared: there, or where it has it from. */
function placesOf(module, name) {
  const own = ownPlaces(module, name);
  const places = own.length > 0 ? own : (exportsOf(module).get(name) ?? importedPlaces(module, name));
  if (places.length === 0) throw new Error(`${relative(root, module.path)}: nothing declares ${name}`);
  return places;
}

function importedPlaces(module, name) {
  for (const { type, specifiers, source } of module.statements) {
    const one = type === 'ImportDeclaration' && specifiers.find(({ local }) => local.name === name);
    if (one) return placesOf(moduleAt(join(dirname(module.path), source.value)), nameOf(one.imported));
  }
  return [];
}

/** The docstring in front of a place of the text, line by line. */
function docBefore(module, start) {
  const isNear = ({ end }) => end <= start && /^(\s|\/\/.*\n)*$/.test(module.text.slice(end, start));
  const comment = module.comments.findLast((one) => one.type === 'Block' && one.value.startsWith('*') && isNear(one));
  return comment === undefined ? '' : docText(comment);
}

function docText({ value }) {
  const lines = value
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  return lines.join('\n').trim();
}

/** What is in angle brackets would be taken for HTML, except within code. */
const asMarkdown = (doc) => doc.replace(/(`[^`]*`)|</g, (_, code) => code ?? '\\<');

/** Every function body within a part of the tree. */
function bodiesIn(tree, found = []) {
  if (tree === null || typeof tree !== 'object') return found;
  const isFunction = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(tree.type);
  if (isFunction && tree.body != null) found.push(tree.body);
  else for (const value of Object.values(tree)) bodiesIn(value, found);
  return found;
}

/** The source from one place to another with its bodies left out, moved to the left margin. */
function sourceOf(module, start, end, tree) {
  let text = '';
  let from = start;
  for (const body of bodiesIn(tree).filter((one) => one.start >= start && one.end <= end)) {
    text += `${module.text.slice(from, body.start)}…`;
    from = body.end;
  }
  text += module.text.slice(from, end);
  const margin = /[^\n]*$/.exec(module.text.slice(0, start))[0].match(/^\s*/)[0];
  return text
    .replaceAll(`\n${margin}`, '\n')
    .replace(/\n\s*\/\/ biome-ignore.*/g, '')
    .replace(/^(export |declare )+/, '')
    .replace(/[;\s]+$/, '');
}

const kinds = {
  FunctionDeclaration: 'function',
  TSDeclareFunction: 'function',
  ClassDeclaration: 'class',
  VariableDeclaration: 'constant',
  TSInterfaceDeclaration: 'interface',
  TSTypeAliasDeclaration: 'type',
};

/** Where a declaration ends if its body is left out. */
function headEnd(declaration) {
  return declaration.body == null ? declaration.end : declaration.body.start;
}

/** Of a function that is declared several times, what it does stands behind the ways in which it may be called. */
function withoutImplementation(places) {
  const isWay = ({ statement }) => declares(statement).type === 'TSDeclareFunction';
  return places.some(isWay) ? places.filter(isWay) : places;
}

/** The part of the page on one name. */
function section(name, places) {
  const shown = withoutImplementation(places).filter(({ module, statement }) => !isInternal(module, statement.start));
  if (shown.length === 0) return '';
  return shown.map((place, i) => declarationText(name, place, i > 0 && shown[i - 1])).join('\n');
}

const isInternal = (module, start) => docBefore(module, start).includes('@internal');

function declarationText(name, { module, statement, name: declared }, before) {
  const declaration = declares(statement);
  const kind = kinds[declaration.type];
  const isSame = before && kinds[declares(before.statement).type] === kind;
  const doc = asMarkdown(docBefore(module, statement.start));
  const members = declaration.body?.body;
  const signature = sourceOf(module, ...partShown(declaration, declared), declaration);
  const renamed = name === declared ? '' : `Offered as \`${name}\`.\n\n`;
  return [
    isSame ? '' : `## ${name} (${kind})\n`,
    doc === '' ? '' : `${doc}\n`,
    `${renamed}\`\`\`ts\n${signature}\n\`\`\`\n`,
    /^(class|interface)$/.test(kind) ? memberList(module, members) : '',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Of a constant with a type the value is shown where it is one short line. */
function partShown(declaration, name) {
  if (declaration.type !== 'VariableDeclaration') return [declaration.start, headEnd(declaration)];
  const { id, init, start, end } = declaration.declarations.find((one) => one.id.name === name);
  const isPlain = init === null || /Literal$/.test(init.type) || init.type === 'UnaryExpression';
  const isFirst = declaration.declarations.length === 1;
  return [isFirst ? declaration.start : start, id.typeAnnotation == null || isPlain ? end : id.typeAnnotation.end];
}

/** The members that anybody may use, each with its docstring. */
function memberList(module, members) {
  const ways = new Set(members.filter(isWay).map(({ key }) => nameOf(key)));
  const shown = members.filter(
    (member) => isPublic(module, member) && !(hasBody(member) && ways.has(nameOf(member.key))),
  );
  return shown.map((member) => memberText(module, member)).join('');
}

const isWay = ({ value }) => value?.type === 'TSEmptyBodyFunctionExpression';
const hasBody = ({ type, value }) => type === 'MethodDefinition' && value.body != null;

function isPublic(module, { type, key, accessibility, start }) {
  if (type === 'StaticBlock' || key?.type === 'PrivateIdentifier') return false;
  // A name that is a symbol of the file carries a type and no value.
  const isHidden = /^(private|protected)$/.test(accessibility ?? '') || isMark(module, key);
  return !isHidden && !isInternal(module, start);
}

function isMark(module, key) {
  return key?.type === 'Identifier' && new RegExp(`declare const ${key.name}: unique symbol`).test(module.text);
}

function memberText(module, member) {
  const { typeAnnotation, value, start } = member;
  const end = hasBody(member)
    ? value.body.start
    : value != null && typeAnnotation != null
      ? typeAnnotation.end
      : member.end;
  const code = sourceOf(module, start, end, member);
  const doc = asMarkdown(docBefore(module, start)).replaceAll('\n', '\n  ');
  const isLong = code.includes('\n');
  const shown = isLong ? `\`\`\`ts\n  ${code.replaceAll('\n', '\n  ')}\n  \`\`\`` : inline(code);
  return `- ${shown}${doc === '' ? '' : `${isLong ? '' : ' \\'}\n  ${doc}`}\n`;
}

const inline = (code) => (code.includes('`') ? `\`\` ${code} \`\`` : `\`${code}\``);

/** The page of one door. */
function page(door, path) {
  const module = moduleAt(path);
  const sections = [...exportsOf(module)].map(([name, places]) => section(name, places)).filter((text) => text !== '');
  const headings = sections.flatMap((text) => [...text.matchAll(/^## (\S+) \((\w+)\)$/gm)]);
  const links = headings.map(([, name, kind]) => `[${name}](#${name.toLowerCase()}-${kind})`);
  return [
    `# ${door}\n`,
    `<!-- Made from the docstrings by \`${command}\`. -->\n`,
    `${asMarkdown(firstDoc(module))}\n`,
    `${links.sort((a, b) => a.localeCompare(b, 'en')).join(' · ')}\n`,
    ...sections.map((text) => text.trimEnd().concat('\n')),
  ].join('\n');
}

/** What a door says of itself. */
function firstDoc({ comments }) {
  return comments.length === 0 ? '' : docText(comments[0]);
}

function overview(doors) {
  const rows = doors.map(
    ({ door, path, file }) => `- [\`${door}\`](${file}): ${asMarkdown(firstDoc(moduleAt(path))).replaceAll('\n', ' ')}`,
  );
  const said =
    'What the package offers, door by door: types as they stand in the source, and what their docstrings say.';
  return `# Reference\n\n<!-- Made from the docstrings by \`${command}\`. -->\n\n${said}\n\n${rows.join('\n')}\n`;
}

/** The doors that package.json names, the source behind each, and the file of its page. */
function doorsOf({ name, exports }) {
  return Object.entries(exports).map(([key, { default: built }]) => ({
    door: key.replace('.', name),
    path: join(root, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
    file: `${key === '.' ? name : key.slice(2).replaceAll('/', '-')}.md`,
  }));
}

function pages() {
  const doors = doorsOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const made = new Map(doors.map(({ door, path, file }) => [file, page(door, path)]));
  return made.set('README.md', overview(doors));
}

function isStale(file, text) {
  try {
    return readFileSync(join(folder, file), 'utf8') !== text;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return true;
  }
}

const made = pages();
mkdirSync(folder, { recursive: true });
const left = readdirSync(folder).filter((file) => !made.has(file));
const stale = [...made].filter(([file, text]) => isStale(file, text));
if (process.argv.includes('--check')) {
  const names = [...left, ...stale.map(([file]) => file)];
  if (names.length > 0) console.error(`docs/api is not up to date (${names.join(', ')}): run ${command}`);
  process.exitCode = names.length > 0 ? 1 : 0;
} else {
  for (const file of left) rmSync(join(folder, file));
  for (const [file, text] of stale) writeFileSync(join(folder, file), text);
  console.log(stale.length === 0 ? 'docs/api is up to date' : `written: ${stale.map(([file]) => file).join(', ')}`);
}
