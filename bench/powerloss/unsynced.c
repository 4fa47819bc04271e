/*
 * Remembers what a program has written and not synced, so that somebody can take it back: as a power loss does. It is loaded before the
 * program (LD_PRELOAD) and looks at the files below the folder UNSYNCED_ROOT. Before each write it notes in the file
 * UNSYNCED_LOG what stood there, behind each sync that succeeded it notes that (not with UNSYNCED_LIES); the writes themselves go through,
 * so reads and maps see them.
 * Record: kind, length of path, path, place, old size of the file, length of the old bytes, old bytes. Kinds: W write, T truncate (old bytes are
 * what is cut off), S sync of a file up to a record, R rename, C create, U unlink (what it was is kept under another name), D sync of a folder.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES_MAX 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t rootLength;
static int noted = -1;
static uint64_t records = 0;
static uint64_t kept = 0;
/* Of each descriptor: whether it is looked at, and whether each of its writes is synced by itself. */
static char watched[FILES_MAX];
static char synced[FILES_MAX];

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void init(void) {
  static int isDone = 0;
  if (isDone) return;
  isDone = 1;
  const char *where = getenv("UNSYNCED_ROOT"), *log = getenv("UNSYNCED_LOG");
  if (!where || !log || !realpath(where, root)) return;
  rootLength = strlen(root);
  int (*realOpen)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
  noted = realOpen(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

__attribute__((constructor)) static void begin(void) { init(); }

static int isInside(const char *path, char *whole) {
  if (noted < 0) return 0;
  char parent[PATH_MAX];
  snprintf(parent, sizeof parent, "%s", path);
  char *slash = strrchr(parent, '/');
  const char *name = slash ? slash + 1 : path;
  if (slash == parent) slash++;
  if (slash) *slash = 0;
  char folder[PATH_MAX];
  if (!realpath(slash ? parent : ".", folder)) return 0;
  if (snprintf(whole, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX) return 0;
  return strncmp(whole, root, rootLength) == 0 && (whole[rootLength] == '/' || whole[rootLength] == 0);
}

static int pathOf(int file, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return 1;
}

static void note(char kind, const char *path, uint64_t at, uint64_t size, const void *old, uint64_t length) {
  REAL(writev);
  uint32_t pathLength = strlen(path);
  struct iovec parts[] = {
    { &kind, 1 }, { &pathLength, 4 }, { (void *)path, pathLength }, { &at, 8 }, { &size, 8 }, { &length, 8 }, { (void *)old, length },
  };
  ssize_t all = 29 + (ssize_t)pathLength + (ssize_t)length;
  if (real(noted, parts, 7) != all) abort();
  records++;
}

static int isWatched(int file) { return file >= 0 && file < FILES_MAX && watched[file] && !synced[file]; }

static void noteWrite(char kind, int file, uint64_t at, uint64_t length) {
  char path[PATH_MAX];
  struct stat now;
  if (!pathOf(file, path) || fstat(file, &now) != 0) return;
  uint64_t there = at >= (uint64_t)now.st_size ? 0 : (uint64_t)now.st_size - at;
  if (there > length) there = length;
  void *old = malloc(there + 1);
  int reader = -1;
  REAL(open);
  if (there > 0) {
    reader = real(path, O_RDONLY | O_CLOEXEC);
    if (reader < 0 || pread(reader, old, there, at) != (ssize_t)there) abort();
    close(reader);
  }
  note(kind, path, at, now.st_size, old, there);
  free(old);
}

static void opened(int file, const char *path, int flags, int wasThere) {
  char whole[PATH_MAX];
  if (file < 0 || file >= FILES_MAX) return;
  watched[file] = 0;
  if (!isInside(path, whole)) return;
  struct stat now;
  if (fstat(file, &now) != 0) return;
  watched[file] = 1;
  synced[file] = (flags & (O_DSYNC | O_SYNC)) != 0;
  if (!wasThere && (flags & O_CREAT)) note('C', whole, 0, 0, "", 0);
}

static int openAny(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  init();
  char whole[PATH_MAX];
  if (noted < 0 || !isInside(path, whole)) {
    int other = real(path, flags, mode);
    if (other >= 0 && other < FILES_MAX) watched[other] = 0;
    return other;
  }
  pthread_mutex_lock(&lock);
  struct stat before;
  int wasThere = stat(path, &before) == 0;
  if (wasThere && (flags & O_TRUNC) && before.st_size > 0) {
    int file = real(path, O_RDWR | O_CLOEXEC);
    if (file >= 0) {
      noteWrite('T', file, 0, before.st_size);
      close(file);
    }
  }
  int file = real(path, flags, mode);
  opened(file, path, flags, wasThere);
  pthread_mutex_unlock(&lock);
  return file;
}

#define MODE(flags) mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE(flags) REAL(open); return openAny(real, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) REAL(open64); return openAny(real, path, flags, mode); }

int openat(int folder, const char *path, int flags, ...) {
  MODE(flags)
  if (folder == AT_FDCWD || path[0] == '/') return open(path, flags, mode);
  REAL(openat);
  return real(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
  MODE(flags)
  return openat(folder, path, flags, mode);
}

#define BEFORE(file, at, length) \
  if (isWatched(file)) { pthread_mutex_lock(&lock); noteWrite('W', file, at, length); } \
  int isNoted = isWatched(file)
#define AFTER if (isNoted) pthread_mutex_unlock(&lock)

static uint64_t lengthOf(const struct iovec *parts, int count) {
  uint64_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  return length;
}

static uint64_t endFor(int file) {
  int flags = fcntl(file, F_GETFL);
  struct stat now;
  if (flags >= 0 && (flags & O_APPEND) && fstat(file, &now) == 0) return now.st_size;
  return lseek(file, 0, SEEK_CUR);
}

ssize_t write(int file, const void *bytes, size_t length) {
  REAL(write);
  BEFORE(file, endFor(file), length);
  ssize_t done = real(file, bytes, length);
  AFTER;
  return done;
}
ssize_t writev(int file, const struct iovec *parts, int count) {
  REAL(writev);
  BEFORE(file, endFor(file), lengthOf(parts, count));
  ssize_t done = real(file, parts, count);
  AFTER;
  return done;
}
ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
  REAL(pwrite);
  BEFORE(file, at, length);
  ssize_t done = real(file, bytes, length, at);
  AFTER;
  return done;
}
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) { return pwrite(file, bytes, length, at); }
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
  REAL(pwritev);
  BEFORE(file, at, lengthOf(parts, count));
  ssize_t done = real(file, parts, count, at);
  AFTER;
  return done;
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) { return pwritev(file, parts, count, at); }

int ftruncate(int file, off_t size) {
  REAL(ftruncate);
  int isNoted = isWatched(file);
  if (isNoted) {
    struct stat now;
    pthread_mutex_lock(&lock);
    if (fstat(file, &now) == 0) noteWrite('T', file, size, now.st_size > size ? now.st_size - size : 0);
  }
  int outcome = real(file, size);
  AFTER;
  return outcome;
}
int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }

/* What was noted before the sync began is safe behind it. */
static int syncAny(int (*real)(int), int file) {
  if (file < 0 || file >= FILES_MAX || !watched[file] || getenv("UNSYNCED_LIES")) return real(file);
  uint64_t before = records;
  int outcome = real(file);
  char path[PATH_MAX];
  struct stat now;
  if (outcome == 0 && pathOf(file, path) && fstat(file, &now) == 0) {
    pthread_mutex_lock(&lock);
    note(S_ISDIR(now.st_mode) ? 'D' : 'S', path, before, 0, "", 0);
    pthread_mutex_unlock(&lock);
  }
  return outcome;
}
int fsync(int file) { REAL(fsync); return syncAny(real, file); }
int fdatasync(int file) { REAL(fdatasync); return syncAny(real, file); }

int rename(const char *from, const char *to) {
  REAL(rename);
  char source[PATH_MAX], target[PATH_MAX];
  if (!isInside(from, source) || !isInside(to, target)) return real(from, to);
  pthread_mutex_lock(&lock);
  int outcome = real(from, to);
  if (outcome == 0) note('R', target, 0, 0, source, strlen(source));
  pthread_mutex_unlock(&lock);
  return outcome;
}

int unlink(const char *path) {
  REAL(unlink);
  char whole[PATH_MAX], aside[PATH_MAX + 32];
  if (!isInside(path, whole)) return real(path);
  pthread_mutex_lock(&lock);
  snprintf(aside, sizeof aside, "%s.aside/%d-%llu", root, getpid(), (unsigned long long)kept++);
  int isKept = link(whole, aside) == 0;
  int outcome = real(path);
  if (outcome == 0 && isKept) note('U', whole, 0, 0, aside, strlen(aside));
  pthread_mutex_unlock(&lock);
  return outcome;
}
