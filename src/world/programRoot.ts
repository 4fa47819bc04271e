import { component } from '../component/index.ts';
import type { AskProgram, Program, ProgramInit, ProgramWith } from './program.ts';

/** The root of one run of a program: the program itself, and a way in for those outside, which `hand` is given. */
export function programRoot<Call, Answer, View>(
  program: Program<Call, Answer, View>,
  init: ProgramInit<View>,
  hand: (ask: AskProgram<Call, Answer>) => void,
) {
  // Which needs nothing does not mind what it is given.
  const taking = program as ProgramWith<Call, Answer, ProgramInit<View>>;
  return component('root', {
    setup: (context) => {
      const { service } = context.create(taking, init).provides;
      const inside = context.attach(service);
      hand(context.ref(({ call, done }) => inside.emit.ask({ call, reply: context.ref(done) })));
    },
  });
}
