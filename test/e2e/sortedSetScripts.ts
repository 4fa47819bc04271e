import { type CollectionScript, script } from './collectionScripts.ts';

const members = script(
  'sorted sets',
  'zscan zrandmember scan',
  `ZADD z 1 a 2 b 3 c
   ZADD z 1 a
   ZADD z 5 a 4 d
   ZADD z CH 1 a 4 d 7 e
   ZADD z NX 9 a 8 f
   ZADD z XX 9 b 9 none
   ZADD z XX CH 8 b 9 none
   ZADD z GT CH 7 b 10 c
   ZADD z LT CH 7 b 11 c
   ZADD z GT LT 7 b
   ZADD z NX GT 7 b
   ZADD z NX XX 7 b
   ZADD z INCR 2.5 a
   ZADD z NX INCR 2.5 a
   ZADD z XX INCR 2.5 none
   ZADD z GT INCR -1 a
   ZADD z INCR 1 a 2 b
   ZADD z INCR 1 new
   ZADD z x a
   ZADD z 1
   ZADD z 1 a 2
   ZADD z NX
   ZADD z nan a
   ZADD z 1e400 a
   ZADD z '' a
   ZADD z 1_0 a
   ZADD z inf a -inf b +inf c
   ZINCRBY z -inf a
   ZRANGE z 0 -1 WITHSCORES
   ZADD z 1 a 2 b 3 c
   ZADD z 1e20 big 0.5 half -1.25 low 1e15 large -3e22 lowest
   ZRANGE z 0 -1 WITHSCORES
   ZADD z .5 point 5. dot +7 plus
   ZRANGE z 0 -1 WITHSCORES
   ZINCRBY z 1.5 half
   ZINCRBY z x half
   ZINCRBY fresh 3 m
   ZSCORE z half
   ZSCORE z none
   ZSCORE none a
   ZMSCORE z a none big
   ZMSCORE none a
   ZCARD z
   ZCARD none
   ZREM z half none big
   ZREM none a
   ZRANK z a
   ZRANK z none
   ZRANK none a
   ZREVRANK z a
   ZREVRANK z lowest
   ZRANK z lowest
   ZPOPMIN z
   ZPOPMAX z
   ZPOPMIN z 2
   ZPOPMAX z 2
   ZPOPMIN z 0
   ZPOPMIN z -1
   ZPOPMIN z x
   ZPOPMIN none
   ZPOPMAX none 2
   ZPOPMIN z 1 2
   ZRANGE z 0 -1 WITHSCORES
   ZPOPMIN z 100
   EXISTS z
   ZADD z 1 '' 2 b
   ZRANGE z 0 -1
   ZREM z '' b
   EXISTS z
   ZADD one 1.5 x
   ZRANDMEMBER none
   ZRANDMEMBER none 2
   ZRANDMEMBER one
   ZRANDMEMBER one 5
   ZRANDMEMBER one -3
   ZRANDMEMBER one -2 WITHSCORES
   ZRANDMEMBER one 1 WITHSCORES
   ZRANDMEMBER one 0
   ZRANDMEMBER one x
   ZRANDMEMBER one 1 MORE
   ZSCAN one 0
   ZSCAN one 0 MATCH y*
   ZSCAN one 0 COUNT 100 MATCH x*
   ZSCAN one x
   ZSCAN none 0
   TYPE one
   EXPIRE one 100
   ZADD one 2 y
   TTL one
   COPY one two
   TTL two
   ZADD two 3 z
   ZRANGE two 0 -1 WITHSCORES
   ZRANGE one 0 -1 WITHSCORES
   RENAME two x9
   ZRANGE x9 0 -1 WITHSCORES
   ZADD x9 0 first
   ZRANGE x9 0 -1 WITHSCORES
   RENAME x9 b9
   ZRANK b9 z
   SCAN 0 TYPE zset COUNT 1000
   SADD s a
   ZADD s 1 a
   ZSCORE s a
   ZRANGE s 0 -1
   ZPOPMIN s
   ZREM s a
   ZRANK s a
   ZCOUNT s 0 1
   ZINCRBY s 1 a
   ZSCAN s 0
   SADD one a
   SMEMBERS one
   SUNION one s
   HGET one a
   LPUSH one a
   GET one
   SET text hello
   ZADD text 1 a
   ZCARD text
   DBSIZE`,
);

const ranges = script(
  'parts of sorted sets',
  '',
  `ZADD z 1 a 2 b 2 bb 3 c 4 d 5 e -inf low inf high
   ZRANGE z 0 -1
   ZRANGE z 1 2
   ZRANGE z -2 -1 WITHSCORES
   ZRANGE z 5 100
   ZRANGE z -100 1
   ZRANGE z 3 1
   ZRANGE z 100 200
   ZRANGE none 0 -1
   ZRANGE z x 1
   ZRANGE z 0 1 REV
   ZRANGE z 2 4 REV WITHSCORES
   ZRANGE z 0 1 LIMIT 0 1
   ZRANGE z 0 1 MORE
   ZREVRANGE z 0 2
   ZREVRANGE z -3 -1 WITHSCORES
   ZREVRANGE z 0 1 REV
   ZREVRANGE z 0 1 LIMIT 0 1
   ZRANGE z 1 3 BYSCORE
   ZRANGE z (1 (3 BYSCORE WITHSCORES
   ZRANGE z (2 3 BYSCORE
   ZRANGE z 2 (3 BYSCORE
   ZRANGE z -inf +inf BYSCORE LIMIT 2 3
   ZRANGE z -inf +inf BYSCORE LIMIT 2 -1
   ZRANGE z -inf +inf BYSCORE LIMIT -1 3
   ZRANGE z -inf +inf BYSCORE LIMIT 1 0
   ZRANGE z -inf +inf BYSCORE LIMIT x 0
   ZRANGE z -inf +inf BYSCORE LIMIT 1
   ZRANGE z 3 1 BYSCORE REV
   ZRANGE z 1 3 BYSCORE REV
   ZRANGE z +inf (2 BYSCORE REV LIMIT 1 2 WITHSCORES
   ZRANGE z x 3 BYSCORE
   ZRANGE z 3 ( BYSCORE BYLEX
   ZRANGE z (inf inf BYSCORE
   ZRANGE z -inf (-inf BYSCORE
   ZRANGE z -inf -inf BYSCORE
   ZRANGEBYSCORE z 1 3
   ZRANGEBYSCORE z (1 +inf WITHSCORES LIMIT 1 2
   ZRANGEBYSCORE z 3 1
   ZRANGEBYSCORE z a 1
   ZRANGEBYSCORE z 1 3 REV
   ZRANGEBYSCORE none 1 3
   ZREVRANGEBYSCORE z 3 1
   ZREVRANGEBYSCORE z +inf -inf LIMIT 0 3 WITHSCORES
   ZREVRANGEBYSCORE z 1 3
   ZCOUNT z 1 3
   ZCOUNT z (1 (3
   ZCOUNT z -inf +inf
   ZCOUNT z 3 1
   ZCOUNT z x 1
   ZCOUNT none 0 1
   ZADD l 0 a 0 b 0 ba 0 c 0 d
   ZRANGE l - + BYLEX
   ZRANGE l [b (d BYLEX
   ZRANGE l (b [c BYLEX
   ZRANGE l + [b BYLEX REV
   ZRANGE l + - BYLEX
   ZRANGE l - - BYLEX
   ZRANGE l + + BYLEX
   ZRANGE l [b + BYLEX LIMIT 1 2
   ZRANGE l [b + BYLEX WITHSCORES
   ZRANGE l b + BYLEX
   ZRANGE l [b x BYLEX
   ZRANGEBYLEX l - (c
   ZRANGEBYLEX l [bb + LIMIT 0 1
   ZRANGEBYLEX l [d [b
   ZREVRANGEBYLEX l + [b
   ZREVRANGEBYLEX l (c - LIMIT 0 2
   ZREVRANGEBYLEX l a b
   ZLEXCOUNT l - +
   ZLEXCOUNT l [b (c
   ZLEXCOUNT l x (c
   ZLEXCOUNT none - +
   ZRANGESTORE to z 1 2
   ZRANGE to 0 -1 WITHSCORES
   ZRANGESTORE to z (1 3 BYSCORE LIMIT 1 5
   ZRANGE to 0 -1 WITHSCORES
   ZRANGESTORE to z 0 1 REV
   ZRANGE to 0 -1 WITHSCORES
   ZRANGESTORE to z 0 1 WITHSCORES
   ZRANGESTORE to l [b [c BYLEX
   ZRANGE to 0 -1
   ZRANGESTORE z2 none 0 -1
   ZRANGESTORE to none 0 -1
   EXISTS to
   ZRANGESTORE z z 1 -2
   ZRANGE z 0 -1
   SET text x
   ZRANGESTORE to text 0 -1
   ZRANGESTORE text z 0 -1
   TYPE text
   ZREMRANGEBYSCORE z (2 3
   ZREMRANGEBYSCORE z x 3
   ZREMRANGEBYSCORE none 1 3
   ZREMRANGEBYRANK z 0 0
   ZREMRANGEBYRANK z -1 -1
   ZREMRANGEBYRANK z 5 9
   ZREMRANGEBYRANK z x 9
   ZRANGE z 0 -1 WITHSCORES
   ZREMRANGEBYLEX l (a (c
   ZREMRANGEBYLEX l x (c
   ZRANGE l 0 -1
   ZREMRANGEBYRANK l 0 -1
   EXISTS l
   SET other x
   ZRANGE other 0 -1
   ZRANGEBYSCORE other 0 1
   ZREMRANGEBYRANK other 0 -1
   ZCOUNT other 0 1
   DBSIZE`,
);

const combinations = script(
  'what sorted sets amount to',
  '',
  `ZADD a 1 one 2 two 3 three
   ZADD m 10 two 20 three 30 four
   SADD s three four five
   ZUNION 2 a m
   ZUNION 2 a m WITHSCORES
   ZUNION 3 a m s WITHSCORES
   ZUNION 2 a none WITHSCORES
   ZUNION 2 a m WEIGHTS 2 0.5 WITHSCORES
   ZUNION 2 a m AGGREGATE MIN WITHSCORES
   ZUNION 2 a m AGGREGATE MAX WEIGHTS 1 -1 WITHSCORES
   ZUNION 2 a m AGGREGATE MORE
   ZUNION 2 a m WEIGHTS 1
   ZUNION 2 a m WEIGHTS 1 x
   ZUNION 0 a m
   ZUNION x a m
   ZUNION 3 a m
   ZINTER 2 a m WITHSCORES
   ZINTER 3 a m s WITHSCORES
   ZINTER 2 a none
   ZINTER 2 a m WEIGHTS 2 3 AGGREGATE MAX WITHSCORES
   ZDIFF 2 a m WITHSCORES
   ZDIFF 2 m a WITHSCORES
   ZDIFF 3 m a s
   ZDIFF 1 a WITHSCORES
   ZDIFF 2 none a
   ZDIFF 2 a m WEIGHTS 1 2
   ZINTERCARD 2 a m
   ZINTERCARD 2 a m LIMIT 1
   ZINTERCARD 2 a m LIMIT 0
   ZINTERCARD 2 a m LIMIT -1
   ZINTERCARD 0 a m
   ZINTERCARD 3 a m
   ZINTERCARD 2 a m MORE 1
   ZUNIONSTORE t 2 a m
   ZRANGE t 0 -1 WITHSCORES
   ZINTERSTORE t 2 a m WEIGHTS 1 2
   ZRANGE t 0 -1 WITHSCORES
   ZDIFFSTORE t 2 a m
   ZRANGE t 0 -1 WITHSCORES
   ZDIFFSTORE t 2 a a
   EXISTS t
   ZUNIONSTORE a 2 a s AGGREGATE MAX
   ZRANGE a 0 -1 WITHSCORES
   ZUNIONSTORE t 2 a m WITHSCORES
   ZUNIONSTORE t 0 a
   ZADD i inf x
   ZADD j -inf x
   ZUNION 2 i j WITHSCORES
   ZUNION 1 i WEIGHTS 0 WITHSCORES
   SET text x
   ZUNION 2 a text
   ZINTER 2 a text
   ZDIFF 2 a text
   ZUNIONSTORE t 2 a text
   ZUNIONSTORE text 1 a
   TYPE text
   DBSIZE`,
);

export const sortedSetScripts: readonly CollectionScript[] = [members, ranges, combinations];
