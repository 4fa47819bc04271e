/** Commands of Redis 7.2 that clients may send and that are not there yet: they are refused by name. */
export const redisNames: ReadonlySet<string> = new Set(
  (
    'acl asking bgrewriteaof bgsave bitcount bitfield bitfield_ro bitop bitpos debug dump eval eval_ro evalsha ' +
    'evalsha_ro failover fcall fcall_ro function geoadd geodist geohash geopos georadius georadius_ro ' +
    'georadiusbymember georadiusbymember_ro geosearch geosearchstore lastsave latency lcs lolwut memory migrate ' +
    'module monitor move object pfadd pfcount pfdebug pfmerge pfselftest psubscribe psync publish pubsub ' +
    'punsubscribe randomkey replconf replicaof restore restore-asking role save script ' +
    'shutdown slaveof slowlog sort sort_ro spublish ssubscribe subscribe sunsubscribe swapdb sync unsubscribe ' +
    'wait waitaof xack xadd xautoclaim xclaim xdel xgroup xinfo xlen xpending xrange xread xreadgroup xrevrange ' +
    'xsetid xtrim'
  ).split(' '),
);
