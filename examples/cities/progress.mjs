const width = 40;

/** A bar that fills, in one line of a terminal; a line for every tenth elsewhere. */
export function progressBar(title, total) {
  const startedMs = performance.now();
  let shownTenths = 0;
  return (done) => {
    const fraction = done / total;
    const perSecond = Math.round(done / Math.max(0.001, (performance.now() - startedMs) / 1000));
    const figures = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}, ${perSecond.toLocaleString('en')} a second`;
    if (process.stdout.isTTY) {
      const filled = Math.round(fraction * width);
      const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
      process.stdout.write(`\r${title} ${bar} ${figures}   ${done === total ? '\n' : ''}`);
      return;
    }
    const tenths = Math.floor(fraction * 10);
    if (tenths > shownTenths) console.log(`${title} ${tenths * 10}%: ${figures}`);
    shownTenths = tenths;
  };
}
