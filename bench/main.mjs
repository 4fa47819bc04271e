// Runs one benchmark by its name: npm run bench -- store
const names = [
  'component',
  'simulator',
  'overlay',
  'store',
  'failover',
  'growth',
  'overload',
  'namespaces',
  'partition',
  'powerloss',
  'seats',
  'world',
];
const [name, ...rest] = process.argv.slice(2);

if (!names.includes(name)) {
  console.error(`Which benchmark? Choose ${names.join(', ')}: npm run bench -- store`);
  process.exit(2);
}
process.argv.splice(2, process.argv.length, ...rest);
await import(`./${name}.mjs`);
