import { component, event, port } from '../../dist/component/index.js';
import { cpuUs, leastFirst, makeSystem, summary } from './rig.mjs';

/** A block tells the others in its row and in its column what it knows after each phase. */
const Blocks = port('blocks', { indications: { phase: event() } });

/** A copy of a block in which ways through one more vertex are taken where they are shorter. */
function shortened(data, columns, rows, at, size) {
  const next = data.slice();
  for (let i = 0; i < size; i++) {
    const before = columns[i * size + at];
    const start = i * size;
    for (let j = 0; j < size; j++) {
      const sum = before + rows[at * size + j];
      if (sum < next[start + j]) next[start + j] = sum;
    }
  }
  return next;
}

/**
 * One square of the matrix of distances (Floyd and Warshall, by blocks). As in the public suite all of it goes to all
 * neighbours after each phase, as a copy that nobody changes; a neighbour may be one phase ahead.
 */
const Block = component('block', {
  provides: { mine: Blocks },
  requires: { others: Blocks },
  setup: ({ provides: { mine }, requires: { others }, onStart }, { row, column, first, size, vertices, done }) => {
    let data = first;
    let phase = -1;
    let heard = new Map();
    let heardEarly = new Map();
    const neighbours = 2 * (vertices / size - 1);
    const place = (i, j) => i * vertices + j;
    const relax = () => {
      const through = Math.floor(phase / size);
      const rows = through === row ? data : heard.get(place(through, column));
      const columns = through === column ? data : heard.get(place(row, through));
      data = shortened(data, columns, rows, phase % size, size);
    };
    others.on.phase((told) => {
      if (told.phase !== phase) {
        heardEarly.set(told.place, told.data);
        return;
      }
      heard.set(told.place, told.data);
      while (heard.size === neighbours && phase < vertices - 1) {
        phase++;
        relax();
        mine.emit.phase({ phase, place: place(row, column), data });
        heard = heardEarly;
        heardEarly = new Map();
        if (phase === vertices - 1) done(row, column, data);
      }
    });
    onStart(() => mine.emit.phase({ phase, place: place(row, column), data }));
  },
});

/** The distances along single edges: always the same ones, a third of them infinite. */
function makeGraph(vertices) {
  let drawn = 1;
  const draw = () => {
    drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
    return drawn >>> 8;
  };
  return Float64Array.from({ length: vertices * vertices }, (_, at) => {
    if (at % (vertices + 1) === 0) return 0;
    return draw() % 3 === 0 ? Number.POSITIVE_INFINITY : 1 + (draw() % 1000);
  });
}

function cut(graph, vertices, size, row, column) {
  return Float64Array.from({ length: size * size }, (_, at) => {
    const i = row * size + Math.floor(at / size);
    return graph[i * vertices + column * size + (at % size)];
  });
}

/** Makes the blocks and joins each with those of its row and its column. */
const Grid = component('grid', {
  setup: ({ create, connect }, { graph, vertices, size, done }) => {
    const side = vertices / size;
    const blocks = Array.from({ length: side * side }, (_, at) => {
      const [row, column] = [Math.floor(at / side), at % side];
      const first = cut(graph, vertices, size, row, column);
      return create(Block, { row, column, first, size, vertices, done }, { name: `block${at}` });
    });
    for (const [at, block] of blocks.entries()) {
      for (const [other, { provides }] of blocks.entries()) {
        const isInRow = Math.floor(at / side) === Math.floor(other / side);
        if (at !== other && (isInRow || at % side === other % side)) connect(provides.mine, block.requires.others);
      }
    }
  },
});

/** Seconds from the start to the last block's result. */
function shortestPaths(vertices, size, repeats) {
  const graph = makeGraph(vertices);
  let left = 0;
  const seconds = Array.from({ length: repeats }, () => {
    left = (vertices / size) ** 2;
    const { system, runAll } = makeSystem();
    const done = (row, column, data) => {
      left--;
      result[row * (vertices / size) + column] = data;
    };
    const result = [];
    const handle = system.create(Grid, { graph, vertices, size, done });
    const us = cpuUs(() => {
      handle.start();
      runAll();
    });
    if (left !== 0) throw new Error(`${left} blocks have no result`);
    if (vertices <= 256) compare(graph, vertices, size, result);
    return us / 1e6;
  });
  return summary(seconds, leastFirst);
}

/** A small graph is solved without components too: both must say the same. */
function compare(graph, vertices, size, blocks) {
  const right = graph.slice();
  for (let k = 0; k < vertices; k++)
    for (let i = 0; i < vertices; i++)
      for (let j = 0; j < vertices; j++) {
        const sum = right[i * vertices + k] + right[k * vertices + j];
        if (sum < right[i * vertices + j]) right[i * vertices + j] = sum;
      }
  for (const [at, data] of blocks.entries()) {
    const [row, column] = [Math.floor((at * size) / vertices), at % (vertices / size)];
    const wanted = cut(right, vertices, size, row, column);
    if (data.some((value, i) => value !== wanted[i])) throw new Error(`block ${at} is wrong`);
  }
}

/** Seconds of the arithmetic alone: as many blocks shortened as often, by nobody in particular. */
function arithmetic(vertices, size, repeats) {
  const times = vertices * (vertices / size) ** 2;
  const [first, columns, rows] = [0, 1, 2].map((i) => cut(makeGraph(3 * size), 3 * size, size, 0, i));
  const seconds = Array.from({ length: repeats }, () => {
    let data = first;
    return (
      cpuUs(() => {
        for (let i = 0; i < times; i++) data = shortened(data, columns, rows, i % size, size);
      }) / 1e6
    );
  });
  return summary(seconds, leastFirst);
}

export const cases = {
  'all-pairs shortest paths, 1024 vertices in blocks of 64': () => {
    shortestPaths(128, 32, 3);
    return { value: shortestPaths(1024, 64, 3), unit: 's' };
  },
  'its arithmetic alone': () => ({ value: arithmetic(1024, 64, 3), unit: 's' }),
};
