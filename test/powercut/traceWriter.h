/*
 * How the library writes its trace: the records, and which places lie below the directory that is watched.
 *
 *     a record:   length u32 | kind u8 | zero x 3 | a i64 | b i64 | bytes          native byte order; length of it all
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_DESCRIPTORS = 65536, TRACE_DESCRIPTOR = 900 };

struct __attribute__((packed)) head {
  uint32_t length;
  uint8_t kind;
  uint8_t zero[3];
  int64_t a;
  int64_t b;
};

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX];
static size_t root_length;
static int trace = -1;
static pid_t owner;
static long marks_left;
static int64_t syncs;
static uint8_t watched[MAX_DESCRIPTORS];

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t real_writev(int fd, const struct iovec *pieces, int count) {
  REAL(writev);
  return real(fd, pieces, count);
}

/* Before the constructor has run, and in a child between fork and exec, there is nothing to record. */
static int is_tracing(void) { return trace >= 0 && getpid() == owner; }

static int is_watched(int fd) { return is_tracing() && fd >= 0 && fd < MAX_DESCRIPTORS && watched[fd]; }

/* Writes all of the pieces, at most so many at a time as the kernel takes. */
static void write_trace(struct iovec *pieces, int count) {
  while (count > 0) {
    ssize_t written = real_writev(trace, pieces, count < IOV_MAX ? count : IOV_MAX);
    if (written < 0) abort();
    for (; count > 0 && (size_t)written >= pieces->iov_len; pieces++, count--) written -= (ssize_t)pieces->iov_len;
    if (count == 0) return;
    pieces->iov_base = (char *)pieces->iov_base + written;
    pieces->iov_len -= (size_t)written;
  }
}

/* The first `length` of `bytes`. */
static void record_pieces(char kind, int64_t a, int64_t b, const struct iovec *bytes, int count, size_t length) {
  struct head head = {(uint32_t)(sizeof(struct head) + length), (uint8_t)kind, {0}, a, b};
  struct iovec pieces[IOV_MAX + 1] = {{&head, sizeof head}};
  int used = 1;
  for (int i = 0; i < count && length > 0; i++) {
    size_t taken = bytes[i].iov_len < length ? bytes[i].iov_len : length;
    pieces[used++] = (struct iovec){bytes[i].iov_base, taken};
    length -= taken;
  }
  int error = errno;
  write_trace(pieces, used);
  errno = error;
}

static void record(char kind, int64_t a, int64_t b, const void *bytes, size_t length) {
  struct iovec piece = {(void *)bytes, length};
  record_pieces(kind, a, b, &piece, 1, length);
}

static void record_text(char kind, int64_t a, int64_t b, const char *text) { record(kind, a, b, text, strlen(text)); }

static void record_unseen(const char *what) { record_text('!', 0, 0, what); }

/* The path from the watched directory on; NULL where `path` lies outside. */
static const char *inside(const char *path) {
  if (strncmp(path, root, root_length) != 0) return NULL;
  if (path[root_length] == 0) return path + root_length;
  return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static int path_of_descriptor(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return -1;
  path[length] = 0;
  return 0;
}

/* The place that a path names, whose last part need not be there; links on the way are followed, the last is not. */
static const char *place(int directory, const char *name, char *path) {
  char whole[PATH_MAX * 2], parent[PATH_MAX];
  if (name[0] == '/') snprintf(whole, sizeof whole, "%s", name);
  else {
    if (directory == AT_FDCWD ? !getcwd(parent, sizeof parent) : path_of_descriptor(directory, parent) < 0) return NULL;
    snprintf(whole, sizeof whole, "%s/%s", parent, name);
  }
  size_t length = strlen(whole);
  while (length > 1 && whole[length - 1] == '/') whole[--length] = 0;
  char *slash = strrchr(whole, '/');
  const char *last = slash + 1;
  if (strcmp(last, "..") == 0 || strcmp(last, ".") == 0) return realpath(whole, path) ? inside(path) : NULL;
  *slash = 0;
  if (!realpath(slash == whole ? "/" : whole, parent)) return NULL;
  int fits = snprintf(path, PATH_MAX, "%s/%s", parent[1] == 0 ? "" : parent, last);
  return fits < PATH_MAX ? inside(path) : NULL;
}

