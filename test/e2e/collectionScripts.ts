/** Commands one after the other on an empty store, and those whose answers have no order. `''` is an empty word. */
export interface CollectionScript {
  readonly name: string;
  readonly lines: readonly string[];
  readonly unordered: readonly string[];
}

export function script(name: string, unordered: string, lines: string): CollectionScript {
  const split = lines.split('\n').map((line) => line.trim());
  return { name, unordered: unordered.split(' '), lines: split.filter((line) => line !== '') };
}

const sets = script(
  'sets',
  'smembers sinter sunion sdiff sscan spop srandmember',
  `SADD s a b c a
   SADD s a
   SADD s
   SCARD s
   SCARD none
   SISMEMBER s a
   SISMEMBER s z
   SISMEMBER none a
   SMISMEMBER s a z c
   SMISMEMBER none a
   SMEMBERS s
   SMEMBERS none
   SREM s a z
   SREM none a
   SADD s ''
   SMEMBERS s
   SREM s ''
   TYPE s
   TYPE none
   EXISTS s
   SADD t b c d
   SINTER s t
   SINTER s none
   SINTER s
   SUNION s t none
   SDIFF s t
   SDIFF t s
   SDIFF none s
   SINTERCARD 2 s t
   SINTERCARD 2 s t LIMIT 1
   SINTERCARD 2 s t LIMIT 0
   SINTERCARD 0 s
   SINTERCARD x s
   SINTERCARD 3 s t
   SINTERCARD 2 s t LIMIT -1
   SINTERCARD 2 s t LIMIT x
   SINTERCARD 2 s t MORE 1
   SINTERSTORE u s t
   SMEMBERS u
   SUNIONSTORE u s t
   SMEMBERS u
   SDIFFSTORE u s t t
   EXISTS u
   SUNIONSTORE s s t
   SMEMBERS s
   SMOVE s t b
   SMOVE s t none
   SMOVE none t b
   SMOVE s s c
   SMOVE s new c
   SMEMBERS new
   SMEMBERS s
   SPOP none
   SPOP none 3
   SPOP new
   EXISTS new
   SADD new 1 2 3
   SPOP new 0
   SPOP new -1
   SPOP new x
   SPOP new 1 2
   SPOP new 10
   EXISTS new
   SRANDMEMBER none
   SRANDMEMBER none 2
   SADD one x
   SRANDMEMBER one
   SRANDMEMBER one 5
   SRANDMEMBER one -3
   SRANDMEMBER one 0
   SRANDMEMBER one x
   SRANDMEMBER one 1 2
   SSCAN one 0
   SSCAN one 0 COUNT 100 MATCH y*
   SSCAN one x
   SSCAN one 0 COUNT x
   SSCAN one 0 COUNT 0
   SSCAN one 0 COUNT
   SSCAN none 0
   EXPIRE one 100
   TTL one
   SADD one y
   TTL one
   RENAME one two
   TTL two
   SMEMBERS two
   RENAMENX two t
   RENAME t two
   SMEMBERS two
   COPY two three
   COPY two three
   COPY two three REPLACE
   COPY two two
   COPY none three
   COPY two three DB x
   COPY two three MORE
   SMEMBERS three
   SADD three more
   SCARD two
   DEL two three
   DBSIZE
   SET text hello
   SADD text a
   SREM text a
   SCARD text
   SISMEMBER text a
   SMEMBERS text
   SPOP text
   SPOP text 2
   SRANDMEMBER text
   SINTER s text
   SINTER none text
   SUNION s text
   SDIFF s text
   SINTERSTORE u s text
   SMOVE text s a
   SMOVE s text d
   SMOVE none text d
   SSCAN text 0
   SADD w m
   GET w
   INCR w
   APPEND w x
   STRLEN w
   GETRANGE w 0 1
   SETRANGE w 0 x
   GETSET w x
   GETDEL w
   GETEX w
   SET w x GET
   SETNX w x
   MGET w text none
   SET w x
   GET w
   SADD w2 m
   MSET w2 plain
   TYPE w2
   SCAN 0 TYPE set COUNT 1000
   SELECT 0`,
);

const hashes = script(
  'hashes',
  'hgetall hkeys hvals hscan hrandfield',
  `HSET h a 1 b 2
   HSET h a 3
   HSET h a
   HSET h a 1 b
   HMSET h c 4 d 5
   HMSET h c
   HGET h a
   HGET h none
   HGET none a
   HMGET h a none d
   HMGET none a b
   HGETALL h
   HGETALL none
   HKEYS h
   HVALS h
   HLEN h
   HLEN none
   HEXISTS h a
   HEXISTS h z
   HEXISTS none z
   HSTRLEN h a
   HSTRLEN h z
   HSTRLEN none z
   HSETNX h a 9
   HSETNX h e 9
   HGET h a
   HINCRBY h a 5
   HINCRBY h new -7
   HINCRBY h a x
   HSET h text hello big 9223372036854775807
   HINCRBY h text 1
   HINCRBY h big 1
   HDEL h a z new
   HDEL none a
   TYPE h
   HRANDFIELD none
   HRANDFIELD none 2
   HSET o f v
   HRANDFIELD o
   HRANDFIELD o 3
   HRANDFIELD o -2
   HRANDFIELD o -2 WITHVALUES
   HRANDFIELD o 1 WITHVALUES
   HRANDFIELD o 1 MORE
   HRANDFIELD o x
   HSCAN o 0
   HSCAN o 0 MATCH x*
   HSCAN o 0 MATCH f* COUNT 5
   HSCAN none 0
   HSET o '' empty
   HGET o ''
   HDEL o f ''
   EXISTS o
   EXPIRE h 50
   HSET h z 1
   TTL h
   COPY h g
   TTL g
   HGETALL g
   RENAME g i
   HGETALL i
   SADD s a
   HSET s a 1
   HGET s a
   HGETALL s
   HDEL s a
   HLEN s
   HINCRBY s a 1
   HSETNX s a 1
   HMGET s a
   SADD h a
   SMEMBERS h
   SUNION s h
   GET h`,
);

const lists = script(
  'lists',
  '',
  `RPUSH l a b c
   LPUSH l z y
   LRANGE l 0 -1
   LRANGE l 1 2
   LRANGE l -2 -1
   LRANGE l -100 100
   LRANGE l 3 1
   LRANGE l 9 10
   LRANGE none 0 -1
   LRANGE l x 1
   LLEN l
   LLEN none
   LINDEX l 0
   LINDEX l -1
   LINDEX l 9
   LINDEX l -9
   LINDEX none 0
   LINDEX l x
   LPUSHX none a
   RPUSHX none a
   LPUSHX l x
   RPUSHX l d e
   LRANGE l 0 -1
   LPOP l
   RPOP l
   LPOP none
   LPOP none 2
   LPOP l 0
   LPOP none 0
   LPOP l 2
   RPOP l 2
   RPOP l -1
   RPOP l x
   LPOP l 1 2
   LRANGE l 0 -1
   LSET l 0 first
   LSET l -1 last
   LSET l 9 x
   LSET none 0 x
   LSET l x y
   RPUSH l r s r t r
   LREM l 1 r
   LRANGE l 0 -1
   LREM l -1 r
   LRANGE l 0 -1
   RPUSH l r r
   LREM l 0 r
   LREM l 0 none
   LREM none 0 r
   LREM l x r
   LRANGE l 0 -1
   LINSERT l BEFORE s q
   LINSERT l AFTER s u
   LINSERT l AFTER none u
   LINSERT none AFTER s u
   LINSERT l BESIDE s u
   LRANGE l 0 -1
   LTRIM l 1 -2
   LRANGE l 0 -1
   LTRIM l 5 1
   EXISTS l
   RPUSH l 1 2 3
   LTRIM l 0 100
   LTRIM none 0 1
   LTRIM l x 1
   LPOP l 100
   EXISTS l
   TYPE l
   RPUSH l 1 2
   TYPE l
   EXPIRE l 100
   LPUSH l 0
   TTL l
   COPY l u
   LPUSH u more
   LRANGE u 0 -1
   RENAME u b
   LPUSH b most
   RPUSH b end
   LRANGE b 0 -1
   LRANGE l 0 -1
   SADD l x
   HSET l a b
   GET l
   SET t x
   LPUSH t x
   LRANGE t 0 -1
   LLEN t
   LPOP t
   LINDEX t 0
   LSET t 0 x
   LREM t 0 x
   LTRIM t 0 1
   LINSERT t BEFORE a b
   LPUSHX t a
   DBSIZE`,
);

export const collectionScripts: readonly CollectionScript[] = [sets, hashes, lists];
