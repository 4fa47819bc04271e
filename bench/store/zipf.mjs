/** As in YCSB: some keys are asked for far more often than others. */
const theta = 0.99;

/** Draws numbers below `count` by a Zipf law (Gray et al. 1994), those drawn often scattered among the others. */
export function zipfOver(count) {
  let zeta = 0;
  for (let i = 1; i <= count; i++) zeta += 1 / i ** theta;
  const zetaOfTwo = 1 + 0.5 ** theta;
  const alpha = 1 / (1 - theta);
  const eta = (1 - (2 / count) ** (1 - theta)) / (1 - zetaOfTwo / zeta);
  return () => {
    const drawn = Math.random();
    const scaled = drawn * zeta;
    let rank = Math.floor(count * (eta * drawn - eta + 1) ** alpha);
    if (scaled < 1) rank = 0;
    else if (scaled < zetaOfTwo) rank = 1;
    return (Math.imul(rank + 1, 2_654_435_761) >>> 0) % count;
  };
}
