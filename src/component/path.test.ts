import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { attribute, component, event, parsePath, port, truth, wholeNumber } from './index.ts';

const Log = port('log', { requests: { append: event<string>() }, indications: { applied: event<string>() } });

const Cell = component('cell', {
  version: 2,
  provides: { log: Log },
  requires: { network: Log },
  attributes: { leader: attribute(truth, false), term: attribute(wholeNumber(), 1) },
  setup: ({ provides: { log }, attributes }, isLeader: boolean) => {
    log.on.append(() => {});
    attributes.leader = isLeader;
  },
});

const Wire = component('wire', { provides: { network: Log }, setup: () => {} });

const Store = component('store', {
  provides: { log: Log },
  setup: (context) => {
    const wire = context.create(Wire);
    const cells = [1, 2, 3].map((i) => context.create(Cell, i === 2, { name: `cell-${i}` }));
    for (const cell of cells.slice(0, 2)) context.connect(wire.provides.network, cell.requires.network);
    context.export(cells[1]!.provides.log, 'log');
    return undefined;
  },
});

/** A root with a store of three cells, of which the second leads and the third is connected to nothing. */
function make() {
  const rig = new ComponentRig();
  const store = rig.root(({ create, attach }) => {
    const made = create(Store);
    attach(made.provides.log);
    return made;
  });
  const paths = (path: string): string[] =>
    rig.system
      .graph()
      .path(path)
      .map((node) => node.path);
  return { rig, store, paths };
}

describe('a path', () => {
  test.each([
    ['/root/store/cell-2', ['root/store/cell-2']],
    ['//cell', ['root/store/cell-1', 'root/store/cell-2', 'root/store/cell-3']],
    ['//cell[@leader=true]/requires::network', ['root/store/cell-2.requires.network']],
    ["//cell-*[state='active'][not(@leader)]", ['root/store/cell-1', 'root/store/cell-3']],
    ['//cell[@term>=1 and (@leader or @term>1)]', ['root/store/cell-2']],
    ['//store/*[count(channel::*)>1]', ['root/store/wire', 'root/store/cell-2']],
    ['//requires::*[not(isConnected)]', ['root/store/cell-3.requires.network']],
    ['//requires::*[not(isConnected)]/component::*', ['root/store/cell-3']],
    ['//cell-1/sibling::cell/@term', ['root/store/cell-2@term', 'root/store/cell-3@term']],
    ['//wire/ancestor-or-self::*', ['root/store/wire', 'root/store', 'root']],
    ['//wire/ancestor::*', ['root/store', 'root']],
    ['//wire/..', ['root/store']],
    ['//wire/provides::network/bound::*/component::*', ['root/store/cell-1', 'root/store/cell-2']],
    ['//store/inner::*', ['root/store.inner.provides.log']],
    ['//store/inner::log/bound::*', ['root/store/cell-2.provides.log']],
    ['//cell-1/channel::*/port::*', ['root/store/wire.provides.network', 'root/store/cell-1.requires.network']],
    ['//cell-1/channel::*[state="open"]', ['root/store/wire.provides.network -> root/store/cell-1.requires.network']],
    ['//cell & //*[@leader]', ['root/store/cell-2']],
    ['//cell \\ //*[@leader]', ['root/store/cell-1', 'root/store/cell-3']],
    ['//wire | /root', ['root/store/wire', 'root']],
    ['//descendant-or-self::*[name="wire"]', ['root/store/wire']],
    ["//*[definition='cell' and version='2' and @leader]", ['root/store/cell-2']],
    ["//@leader[value=true and type='true or false']", ['root/store/cell-2@leader']],
    ["/root/port::*[direction='attached']/bound::*", ['root/store.provides.log']],
    ['//*[./cell and count(child::*) = 4]', ['root/store']],
    ['//cell[@term < 1 or @leader <= 1 or queued != 0]', []],
    ['//nobody/child::*', []],
  ])('%s', (path, expected) => {
    expect(make().paths(path)).toEqual(expected);
  });

  test('can begin at a node, and its top is the system from anywhere', () => {
    const { rig } = make();
    const graph = rig.system.graph();
    const [store] = graph.path('//store');
    expect(graph.path('cell-1', store).map((node) => node.path)).toEqual(['root/store/cell-1']);
    expect(graph.path('.', store)).toEqual([store]);
    expect(graph.path('/*', store)).toEqual(graph.roots);
    expect(graph.path("'store'/descendant::*", graph.roots[0])).toHaveLength(4);
  });
});

describe('what is no path says where it stops being one, and what was expected there', () => {
  test.each([
    ['//cell[', 8, 'expected a condition: an @attribute, a property, a path or a value, and it ends'],
    ['//cell[@leader=]', 16, 'expected a condition: an @attribute, a property, a path or a value, and there is ]'],
    ['//cell[@leader=true', 20, 'expected ], and it ends'],
    ['//', 3, 'expected a name or *, and it ends'],
    ['//cell/owner::*', 8, 'expected an axis (child, parent, descendant, '],
    ['//cell[leader=true]', 8, 'expected a property (kind, name, path, '],
    ['//cell]', 7, 'expected /, [, |, & or the end, and there is ]'],
    ['//cell[./wire=3]', 14, 'expected ]: a path alone is no value, but count(path) is, and there is =3]'],
    ['//cell[3=./wire]', 10, 'expected a value, as in count(path), and there is ./wire]'],
    ['//cell[@=1]', 9, 'expected the name of an attribute, and there is =1]'],
    ['//cell[not(@leader]', 19, 'expected ), and there is ]'],
    ['//ce!l', 5, 'expected a name, a value or a sign, and there is !l'],
    ['', 1, 'expected a name or *, and it ends'],
  ])('%s', (path, position, text) => {
    const parsed = parsePath(path);
    expect(parsed).toMatchObject({ ok: false, error: { position } });
    expect(parsed.ok ? '' : parsed.error.text).toContain(`${path} at ${position}: ${text}`);
  });

  test('a text of the program itself that is none is a bug', () => {
    const { rig } = make();
    expect(() => rig.system.query('//cell[')).toThrow('//cell[ at 8: expected a condition');
  });
});
