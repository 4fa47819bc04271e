import { type CollectionScript, script } from './collectionScripts.ts';

const moves = script(
  'what moves between lists',
  '',
  `RPUSH l a b c d
   LMOVE l m LEFT RIGHT
   LMOVE l m RIGHT LEFT
   LRANGE l 0 -1
   LRANGE m 0 -1
   LMOVE l l LEFT RIGHT
   LRANGE l 0 -1
   LMOVE l m UP LEFT
   LMOVE none m LEFT LEFT
   RPOPLPUSH l m
   RPOPLPUSH l m
   RPOPLPUSH l m
   EXISTS l
   LRANGE m 0 -1
   RPOPLPUSH m m
   SET text x
   LMOVE text m LEFT LEFT
   LMOVE m text LEFT LEFT
   LMOVE none text LEFT LEFT
   LRANGE m 0 -1
   EXPIRE m 100
   LMOVE m m LEFT RIGHT
   TTL m
   LMPOP 2 none m LEFT
   LMPOP 2 none m RIGHT COUNT 2
   LMPOP 1 none LEFT
   LMPOP 0 m LEFT
   LMPOP x m LEFT
   LMPOP 2 m LEFT
   LMPOP 1 m LEFT COUNT 0
   LMPOP 1 m LEFT COUNT
   LMPOP 1 m MIN
   LMPOP 2 text m LEFT
   LMPOP 2 m text LEFT COUNT 100
   EXISTS m
   ZADD z 1 a 2 b 3 c 4 d
   ZMPOP 2 none z MIN
   ZMPOP 2 none z MAX COUNT 2
   ZMPOP 1 none MIN
   ZMPOP 1 z LEFT
   ZMPOP 2 text z MIN
   ZMPOP 1 z MIN COUNT 10
   EXISTS z
   RPUSH p a b c 1 2 3 c c
   LPOS p c
   LPOS p none
   LPOS none c
   LPOS p c RANK 2
   LPOS p c RANK -1
   LPOS p c COUNT 2
   LPOS p c COUNT 0
   LPOS p c RANK -1 COUNT 2
   LPOS p c RANK -2 COUNT 0
   LPOS p c COUNT 0 MAXLEN 3
   LPOS p c MAXLEN 2
   LPOS p c MAXLEN 1 COUNT 0
   LPOS p c RANK 0
   LPOS p c COUNT -1
   LPOS p c MAXLEN -1
   LPOS p c RANK
   LPOS p c MORE 1
   LPOS p c RANK x
   LPOS text c
   DBSIZE`,
);

const waits = script(
  'who waits for something to take',
  '',
  `RPUSH l a b c d e f
   BLPOP none l 0
   BRPOP l none 0
   BLPOP l 1.5
   BLPOP l x
   BLPOP l -1
   BLPOP none 0.02
   BRPOP none z 0.02
   BLMOVE l m LEFT RIGHT 0
   BLMOVE none m LEFT RIGHT 0.02
   BLMOVE l m LEFT UP 0
   BLMOVE l m LEFT RIGHT -1
   BRPOPLPUSH l m 0
   BRPOPLPUSH none m 0.02
   LRANGE m 0 -1
   BLMPOP 0 2 none m LEFT COUNT 5
   BLMPOP 0.02 1 none LEFT
   BLMPOP x 1 none LEFT
   ZADD z 1 a 2 b 3 c 4 d
   BZPOPMIN none z 0
   BZPOPMAX z none 0
   BZPOPMIN none 0.02
   BZMPOP 0 1 z MIN COUNT 2
   BZMPOP 0.02 1 z MIN
   SET text x
   BLPOP text 0
   BLPOP none text 0
   BZPOPMIN text 0
   BLMOVE text m LEFT LEFT 0
   MULTI
   BLPOP none 0
   BLMPOP 0 1 none LEFT
   BZPOPMIN none 0
   EXEC
   DBSIZE`,
);

const decimals = script(
  'decimal numbers',
  '',
  `SET n 10.50
   INCRBYFLOAT n 0.1
   INCRBYFLOAT n -5
   SET e 5.0e3
   INCRBYFLOAT e 2.0e2
   GET n
   INCRBYFLOAT new 0.1
   INCRBYFLOAT new 0.2
   INCRBYFLOAT n x
   INCRBYFLOAT n inf
   SET text hello
   INCRBYFLOAT text 1
   SET whole 3
   INCRBYFLOAT whole 1
   INCR whole
   EXPIRE whole 100
   INCRBYFLOAT whole -1.25
   TTL whole
   HINCRBYFLOAT h f 10.5
   HINCRBYFLOAT h f 0.1
   HINCRBYFLOAT h f -3
   HSET h t text
   HINCRBYFLOAT h t 1
   HINCRBYFLOAT h f x
   HINCRBYFLOAT text f 1
   HGETALL h
   SADD s a
   INCRBYFLOAT s 1
   SUBSTR text 1 3`,
);

export const moveScripts: readonly CollectionScript[] = [moves, waits, decimals];
