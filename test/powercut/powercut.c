/*
 * A library that is loaded below a program (LD_PRELOAD) and writes down, in order, everything that the program changes
 * below one directory: which bytes went where, which names came and went, and which syncs returned. From that,
 * `disk.ts` builds what a disk could hold after a power cut at any moment.
 *
 * A change and its record are one step under a mutex, so that the order of the trace is the order of the changes,
 * whichever threads made them. A sync is two records, one before it begins and one behind its end: only what stands before
 * the first is certain to be covered. The trace is written with one write(2) per record: the kernel keeps it whatever
 * becomes of the program. What the program writes to its standard output is recorded as well: that is what it has promised.
 *
 * What cannot be followed (a shared mapping that may be written, a rename from outside) is recorded as such, and the
 * reader refuses the trace. A child process is not traced.
 *
 *     POWERCUT_DIRECTORY   what is watched; its real path
 *     POWERCUT_TRACE       the file that takes the trace; outside
 *     POWERCUT_MARKS       the program is killed right behind its so many-th write to standard output; 0 for never
 */

#include "traceWriter.h"

#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Wraps a call that changes something: the call and `recording`, which sees its `result`, are one step. */
#define STEP(type, call, recording) \
  pthread_mutex_lock(&mutex); \
  type result = call; \
  int error = errno; \
  if (result >= 0) { \
    recording; \
  } \
  errno = error; \
  pthread_mutex_unlock(&mutex); \
  return result

__attribute__((constructor)) static void begin(void) {
  const char *directory = getenv("POWERCUT_DIRECTORY"), *file = getenv("POWERCUT_TRACE"), *marks = getenv("POWERCUT_MARKS");
  if (!directory || !file) return;
  snprintf(root, sizeof root, "%s", directory);
  root_length = strlen(root);
  marks_left = marks ? atol(marks) : 0;
  int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, TRACE_DESCRIPTOR);
  if (high < 0) abort();
  close(fd);
  unsetenv("LD_PRELOAD");
  owner = getpid();
  trace = high;
}

/* Descriptors */

static void record_open(int fd, int flags) {
  char path[PATH_MAX];
  if (path_of_descriptor(fd, path) < 0) return;
  const char *name = inside(path);
  if (!name) return;
  if (fd >= MAX_DESCRIPTORS) record_unseen("a descriptor beyond 65535");
  else {
    watched[fd] = 1;
    record_text('O', fd, flags, name);
  }
}

#define MODE_OF(flags, last) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list arguments; \
    va_start(arguments, last); \
    mode = va_arg(arguments, mode_t); \
    va_end(arguments); \
  }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    MODE_OF(flags, flags) \
    if (!is_tracing()) return real(path, flags, mode); \
    STEP(int, real(path, flags, mode), record_open(result, flags)); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int directory, const char *path, int flags, ...) { \
    REAL(name); \
    MODE_OF(flags, flags) \
    if (!is_tracing()) return real(directory, path, flags, mode); \
    STEP(int, real(directory, path, flags, mode), record_open(result, flags)); \
  }
OPENAT(openat)
OPENAT(openat64)

static void record_close(int fd) {
  watched[fd] = 0;
  record('C', fd, 0, "", 0);
}

int close(int fd) {
  REAL(close);
  if (!is_watched(fd)) return real(fd);
  STEP(int, real(fd), record_close(fd));
}

static void record_dup(int from, int to) {
  if (to < MAX_DESCRIPTORS && watched[to] && to != from) record_close(to);
  if (!watched[from]) return;
  if (to >= MAX_DESCRIPTORS) record_unseen("a descriptor beyond 65535");
  else {
    watched[to] = 1;
    record('D', from, to, "", 0);
  }
}

int dup(int fd) {
  REAL(dup);
  if (!is_watched(fd)) return real(fd);
  STEP(int, real(fd), record_dup(fd, result));
}

int dup2(int from, int to) {
  REAL(dup2);
  if (!is_watched(from) && !is_watched(to)) return real(from, to);
  STEP(int, real(from, to), record_dup(from, to));
}

int dup3(int from, int to, int flags) {
  REAL(dup3);
  if (!is_watched(from) && !is_watched(to)) return real(from, to, flags);
  STEP(int, real(from, to, flags), record_dup(from, to));
}

#define FCNTL(name) \
  int name(int fd, int command, ...) { \
    REAL(name); \
    va_list arguments; \
    va_start(arguments, command); \
    void *argument = va_arg(arguments, void *); \
    va_end(arguments); \
    if ((command != F_DUPFD && command != F_DUPFD_CLOEXEC) || !is_watched(fd)) return real(fd, command, argument); \
    STEP(int, real(fd, command, argument), record_dup(fd, result)); \
  }
FCNTL(fcntl)
FCNTL(fcntl64)

/* Bytes */

static void record_mark(const struct iovec *pieces, int count, size_t length) {
  record_pieces('K', 0, 0, pieces, count, length);
  if (marks_left > 0 && --marks_left == 0) kill(getpid(), SIGKILL);
}

/* Behind a write at the descriptor's own position, which has moved on by `written`. */
static void record_append(int fd, const struct iovec *pieces, int count, ssize_t written) {
  if (fd == STDOUT_FILENO) record_mark(pieces, count, (size_t)written);
  else record_pieces('W', fd, lseek(fd, 0, SEEK_CUR) - written, pieces, count, (size_t)written);
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  if (!is_watched(fd) && !(fd == STDOUT_FILENO && is_tracing())) return real_writev(fd, pieces, count);
  STEP(ssize_t, real_writev(fd, pieces, count), record_append(fd, pieces, count, result));
}

ssize_t write(int fd, const void *bytes, size_t length) {
  struct iovec piece = {(void *)bytes, length};
  return writev(fd, &piece, 1);
}

#define PWRITE(name, offset_type) \
  ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) { \
    REAL(name); \
    if (!is_watched(fd)) return real(fd, bytes, length, offset); \
    STEP(ssize_t, real(fd, bytes, length, offset), record('W', fd, offset, bytes, (size_t)result)); \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, offset_type) \
  ssize_t name(int fd, const struct iovec *pieces, int count, offset_type offset) { \
    REAL(name); \
    if (!is_watched(fd)) return real(fd, pieces, count, offset); \
    STEP(ssize_t, real(fd, pieces, count, offset), record_pieces('W', fd, offset, pieces, count, (size_t)result)); \
  }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

/* The kernel has copied the bytes: they are read back. */
static void record_copied(int fd, off64_t offset, ssize_t length) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  void *bytes = malloc((size_t)length + 1);
  int reader = (int)openat64(AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
  if (!bytes || reader < 0 || pread64(reader, bytes, (size_t)length, offset) != length) record_unseen("a copy");
  else record('W', fd, offset, bytes, (size_t)length);
  if (reader >= 0) close(reader);
  free(bytes);
}

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t length, unsigned flags) {
  REAL(copy_file_range);
  if (!is_watched(to)) return real(from, from_offset, to, to_offset, length, flags);
  STEP(ssize_t, real(from, from_offset, to, to_offset, length, flags),
       record_copied(to, (to_offset ? *to_offset : lseek(to, 0, SEEK_CUR)) - result, result));
}

/* libuv copies and closes by the number of the call. Whatever else came this way would show: see `TracedRun.of`. */
long syscall(long number, ...) {
  REAL(syscall);
  long given[6];
  va_list arguments;
  va_start(arguments, number);
  for (int i = 0; i < 6; i++) given[i] = va_arg(arguments, long);
  va_end(arguments);
  if (number == SYS_close) return close((int)given[0]);
  if (number == SYS_copy_file_range) {
    return copy_file_range((int)given[0], (off64_t *)given[1], (int)given[2], (off64_t *)given[3], (size_t)given[4],
                           (unsigned)given[5]);
  }
  return real(number, given[0], given[1], given[2], given[3], given[4], given[5]);
}

#define SENDFILE(name, offset_type) \
  ssize_t name(int to, int from, offset_type *offset, size_t length) { \
    REAL(name); \
    if (!is_watched(to)) return real(to, from, offset, length); \
    STEP(ssize_t, real(to, from, offset, length), record_copied(to, lseek(to, 0, SEEK_CUR) - result, result)); \
  }
SENDFILE(sendfile, off_t)
SENDFILE(sendfile64, off64_t)

/* Files are not cloned: whoever asks falls back on a copy. */
int ioctl(int fd, unsigned long request, ...) {
  REAL(ioctl);
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (request == FICLONE && is_watched(fd)) {
    errno = EOPNOTSUPP;
    return -1;
  }
  return real(fd, request, argument);
}

#define FTRUNCATE(name, offset_type) \
  int name(int fd, offset_type length) { \
    REAL(name); \
    if (!is_watched(fd)) return real(fd, length); \
    STEP(int, real(fd, length), record('T', fd, length, "", 0)); \
  }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

#define TRUNCATE(name, offset_type) \
  int name(const char *path, offset_type length) { \
    REAL(name); \
    char buffer[PATH_MAX]; \
    const char *where = is_tracing() ? place(AT_FDCWD, path, buffer) : NULL; \
    if (!where) return real(path, length); \
    STEP(int, real(path, length), record_text('t', 0, length, where)); \
  }
TRUNCATE(truncate, off_t)
TRUNCATE(truncate64, off64_t)

static void record_allocation(int fd, int mode, off64_t end) {
  if (mode == 0) record('A', fd, end, "", 0);
  else if (mode != FALLOC_FL_KEEP_SIZE) record_unseen("fallocate with a mode of its own");
}

#define FALLOCATE(name, offset_type) \
  int name(int fd, int mode, offset_type offset, offset_type length) { \
    REAL(name); \
    if (!is_watched(fd)) return real(fd, mode, offset, length); \
    STEP(int, real(fd, mode, offset, length), record_allocation(fd, mode, offset + length)); \
  }
FALLOCATE(fallocate, off_t)
FALLOCATE(fallocate64, off64_t)

#define POSIX_FALLOCATE(name, offset_type) \
  int name(int fd, offset_type offset, offset_type length) { \
    REAL(name); \
    if (!is_watched(fd)) return real(fd, offset, length); \
    STEP(int, real(fd, offset, length), if (result == 0) record_allocation(fd, 0, offset + length)); \
  }
POSIX_FALLOCATE(posix_fallocate, off_t)
POSIX_FALLOCATE(posix_fallocate64, off64_t)

#define MMAP(name, offset_type) \
  void *name(void *address, size_t length, int protection, int flags, int fd, offset_type offset) { \
    REAL(name); \
    if ((flags & MAP_SHARED) && (protection & PROT_WRITE) && is_watched(fd)) { \
      pthread_mutex_lock(&mutex); \
      record_unseen("a shared mapping that may be written"); \
      pthread_mutex_unlock(&mutex); \
    } \
    return real(address, length, protection, flags, fd, offset); \
  }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)

/* Syncs run beside other changes. */

static int64_t begin_sync(int fd) {
  pthread_mutex_lock(&mutex);
  int64_t number = syncs++;
  record('S', fd, number, "", 0);
  pthread_mutex_unlock(&mutex);
  return number;
}

static int end_sync(int64_t number, int result) {
  pthread_mutex_lock(&mutex);
  record('s', result, number, "", 0);
  pthread_mutex_unlock(&mutex);
  return result;
}

#define SYNC(name) \
  int name(int fd) { \
    REAL(name); \
    if (!is_watched(fd)) return real(fd); \
    int64_t number = begin_sync(fd); \
    return end_sync(number, real(fd)); \
  }
SYNC(fsync)
SYNC(fdatasync)

/* Names */

static void record_two(char kind, const char *first, const char *second) {
  struct iovec pieces[2] = {{(void *)first, strlen(first) + 1}, {(void *)second, strlen(second)}};
  record_pieces(kind, 0, 0, pieces, 2, pieces[0].iov_len + pieces[1].iov_len);
}

static void record_rename(const char *from, const char *to, unsigned flags) {
  if (!from || !to || flags & RENAME_EXCHANGE) record_unseen("a rename across the border of the directory, or an exchange");
  else record_two('R', from, to);
}

#define RENAME(name, parameters, from_directory, to_directory, arguments, flags) \
  int name parameters { \
    REAL(name); \
    if (!is_tracing()) return real arguments; \
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX]; \
    const char *from_place = place(from_directory, from, from_buffer), *to_place = place(to_directory, to, to_buffer); \
    if (!from_place && !to_place) return real arguments; \
    STEP(int, real arguments, record_rename(from_place, to_place, flags)); \
  }
RENAME(rename, (const char *from, const char *to), AT_FDCWD, AT_FDCWD, (from, to), 0)
RENAME(renameat, (int a, const char *from, int b, const char *to), a, b, (a, from, b, to), 0)
RENAME(renameat2, (int a, const char *from, int b, const char *to, unsigned flags), a, b, (a, from, b, to, flags), flags)

/* A call that makes or takes the one name `path`. */
#define NAME_CALL(name, parameters, directory, arguments, kind) \
  int name parameters { \
    REAL(name); \
    char buffer[PATH_MAX]; \
    const char *where = is_tracing() ? place(directory, path, buffer) : NULL; \
    if (!where) return real arguments; \
    STEP(int, real arguments, record_text(kind, 0, 0, where)); \
  }
NAME_CALL(unlink, (const char *path), AT_FDCWD, (path), 'U')
NAME_CALL(unlinkat, (int at, const char *path, int flags), at, (at, path, flags), 'U')
NAME_CALL(remove, (const char *path), AT_FDCWD, (path), 'U')
NAME_CALL(rmdir, (const char *path), AT_FDCWD, (path), 'U')
NAME_CALL(mkdir, (const char *path, mode_t mode), AT_FDCWD, (path, mode), 'M')
NAME_CALL(mkdirat, (int at, const char *path, mode_t mode), at, (at, path, mode), 'M')

#define SYMLINK(name, parameters, directory, arguments) \
  int name parameters { \
    REAL(name); \
    char buffer[PATH_MAX]; \
    const char *where = is_tracing() ? place(directory, path, buffer) : NULL; \
    if (!where) return real arguments; \
    STEP(int, real arguments, record_two('Y', target, where)); \
  }
SYMLINK(symlink, (const char *target, const char *path), AT_FDCWD, (target, path))
SYMLINK(symlinkat, (const char *target, int at, const char *path), at, (target, at, path))

static void record_link(const char *from, const char *to) {
  if (from) record_two('L', from, to);
  else record_unseen("a link from outside");
}

#define LINK(name, parameters, from_directory, to_directory, arguments) \
  int name parameters { \
    REAL(name); \
    if (!is_tracing()) return real arguments; \
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX]; \
    const char *from_place = place(from_directory, from, from_buffer), *to_place = place(to_directory, to, to_buffer); \
    if (!to_place) return real arguments; \
    STEP(int, real arguments, record_link(from_place, to_place)); \
  }
LINK(link, (const char *from, const char *to), AT_FDCWD, AT_FDCWD, (from, to))
LINK(linkat, (int a, const char *from, int b, const char *to, int flags), a, b, (a, from, b, to, flags))
