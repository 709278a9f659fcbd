/*
 * A library that is loaded below a program (LD_PRELOAD) and makes the disk under one directory sick while the program
 * runs. How is read from a file at every call, so that a test can change it at any moment:
 *
 *     (empty, or no file)   the disk is well
 *     delay MS              fsync and fdatasync take so many milliseconds longer
 *     fail ERRNO            fsync and fdatasync fail with this error; what was written may be there or not
 *     once ERRNO            the next of them fails, and the file is emptied
 *     refuse ERRNO          nothing can be opened for writing, written, renamed or removed: EROFS as after a remount
 *
 *     SICKDISK_DIRECTORY    what lies on the sick disk; its real path
 *     SICKDISK_CONTROL      the file that says how; outside
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* The number that stands behind `word` in the control file; -1 where it says something else. */
static long told(const char *word) {
  const char *control = getenv("SICKDISK_CONTROL");
  char text[64];
  int fd = control ? (int)syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return -1;
  ssize_t length = syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  text[length > 0 ? length : 0] = 0;
  size_t letters = strlen(word);
  return strncmp(text, word, letters) == 0 && text[letters] == ' ' ? atol(text + letters + 1) : -1;
}

/* As `told`, and whoever asks first is the only one. */
static long told_once(const char *word) {
  long number = told(word);
  const char *control = getenv("SICKDISK_CONTROL");
  int fd = number > 0 ? (int)syscall(SYS_openat, AT_FDCWD, control, O_WRONLY | O_TRUNC | O_CLOEXEC) : -1;
  if (fd >= 0) syscall(SYS_close, fd);
  return number;
}

static int is_inside(const char *path) {
  const char *directory = getenv("SICKDISK_DIRECTORY");
  size_t length = directory ? strlen(directory) : 0;
  return length > 0 && strncmp(path, directory, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int is_open_inside(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length > 0 ? length : 0] = 0;
  return is_inside(path);
}

#define REFUSE(inside) \
  long refusal = told("refuse"); \
  if (refusal > 0 && (inside)) { \
    errno = (int)refusal; \
    return -1; \
  }

/* Syncs */

#define SYNC(name) \
  int name(int fd) { \
    REAL(name); \
    if (!is_open_inside(fd)) return real(fd); \
    long delay = told("delay"), failure = told("fail"), once = told_once("once"); \
    if (once > 0) failure = once; \
    if (delay > 0) { \
      struct timespec time = {delay / 1000, delay % 1000 * 1000000}; \
      nanosleep(&time, NULL); \
    } \
    if (failure <= 0) return real(fd); \
    errno = (int)failure; \
    return -1; \
  }
SYNC(fsync)
SYNC(fdatasync)

/* Writes */

#define WRITE(name, parameters, ...) \
  ssize_t name parameters { \
    REAL(name); \
    REFUSE(is_open_inside(fd)) \
    return real(__VA_ARGS__); \
  }
WRITE(write, (int fd, const void *bytes, size_t count), fd, bytes, count)
WRITE(writev, (int fd, const struct iovec *parts, int count), fd, parts, count)
WRITE(pwrite, (int fd, const void *bytes, size_t count, off_t at), fd, bytes, count, at)
WRITE(pwrite64, (int fd, const void *bytes, size_t count, off64_t at), fd, bytes, count, at)
WRITE(pwritev, (int fd, const struct iovec *parts, int count, off_t at), fd, parts, count, at)
WRITE(pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), fd, parts, count, at)

/* Names */

#define CHANGES(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & O_CREAT))

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments); \
    REFUSE(CHANGES(flags) && is_inside(path)) \
    return real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

#define NAMES(name, parameters, ...) \
  int name parameters { \
    REAL(name); \
    REFUSE(is_inside(path)) \
    return real(__VA_ARGS__); \
  }
NAMES(unlink, (const char *path), path)
NAMES(truncate, (const char *path, off_t length), path, length)
NAMES(truncate64, (const char *path, off64_t length), path, length)
NAMES(rename, (const char *path, const char *to), path, to)
NAMES(symlink, (const char *target, const char *path), target, path)
NAMES(mkdir, (const char *path, mode_t mode), path, mode)
