/** How far a long run is, for people: in place where they look, a line now and then where nobody does. */
export function showProgress(done: number, total: number, failed: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} seeds, ${failed} failed `);
  else if (done % 100 === 0 || done === total) console.error(`${done} of ${total} seeds, ${failed} failed`);
}
