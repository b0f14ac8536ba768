// Makes one call of the C library fail, or do less than it was asked for.
//
// Preloaded into the program by faults.py. What is to fail stands in the environment:
//   FAULT_TALLY    a file of the size of struct tally: counts calls, and says whether and where the fault struck
//   FAULT_CALL     the function; none: calls are only counted
//   FAULT_AT       which of its calls, from 1
//   FAULT_ERROR    an errno; 0: the call is given half of its bytes, at least one; below 0: nothing fails, but the file
//                  of the call is changed first, where it is a log of the bundle (enum change)
//   FAULT_LASTING  set: all later calls fail as well, as on a full disk
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

// One name for each way into the kernel: open64 counts as open. The order is that of CALLS in faults.py.
#define CALLS(X)                                                                                                      \
  X(open) X(openat) X(read) X(pread) X(write) X(pwrite) X(close) X(fsync) X(fdatasync) X(rename) X(unlink) X(rmdir)  \
  X(mkdir) X(mkstemp) X(stat) X(lstat) X(fstat) X(lseek) X(ftruncate) X(mmap) X(opendir) X(readdir) X(realpath)      \
  X(readlink) X(getcwd) X(fopen) X(statvfs) X(dup) X(fcntl) X(pthread_create)

enum call {
#define NAME(name) call_##name,
  CALLS(NAME)
#undef NAME
  call_count
};

static const char *const names[] = {
#define NAME(name) #name,
    CALLS(NAME)
#undef NAME
};

enum change { change_grow = -1, change_shrink = -2, change_vanish = -3, change_replace = -4, change_overwrite = -5 };

struct tally {
  atomic_uint counts[64];
  atomic_uint struck;
  char path[4096];
};

static struct tally unshared;
static struct tally *tally = &unshared;
static int chosen = -1;
static unsigned at;
static int error;
static bool lasting;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("FAULT_TALLY"), *call = getenv("FAULT_CALL");
  if (!file) return;
  int descriptor = REAL(open)(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) abort();
  void *memory = REAL(mmap)(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (memory == MAP_FAILED) abort();
  REAL(close)(descriptor);
  tally = memory;
  for (int index = 0; call && index < call_count; index++)
    if (strcmp(names[index], call) == 0) chosen = index;
  if (getenv("FAULT_AT")) at = (unsigned)atoi(getenv("FAULT_AT"));
  if (getenv("FAULT_ERROR")) error = atoi(getenv("FAULT_ERROR"));
  lasting = getenv("FAULT_LASTING") != NULL;
  // Whatever the program starts is not tried.
  unsetenv("LD_PRELOAD");
}

// Writes over the second half of a log, which stays as long as it was: other digits, so that lines stay lines.
static void overwrite(const char *path, off_t size) {
  int file = REAL(open)(path, O_RDWR | O_CLOEXEC);
  size_t count = (size_t)(size - size / 2);
  char *bytes = malloc(count + 1);
  if (file < 0 || !bytes || REAL(pread)(file, bytes, count, size / 2) != (ssize_t)count) abort();
  for (size_t index = 0; index < count; index++)
    if (bytes[index] == '7') bytes[index] = '8';
  if (REAL(pwrite)(file, bytes, count, size / 2) != (ssize_t)count) abort();
  free(bytes);
  REAL(close)(file);
}

// Does to a log what another process may do at any moment. Whether it was one.
static bool change(const char *path) {
  struct stat status;
  if (!strstr(path, "/bundle/") || REAL(stat)(path, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  char other[4200];
  switch (error) {
  case change_shrink:
    if (truncate(path, status.st_size / 2) != 0) abort();
    break;
  case change_vanish:
    if (REAL(unlink)(path) != 0) abort();
    break;
  case change_grow:
  case change_replace:
    // Replaced as a rotation does it: by another file of that name, here the log `spare` beside the bundle.
    snprintf(other, sizeof other, "%.*s/spare", (int)(strstr(path, "/bundle/") - path), path);
    int from = REAL(open)(other, O_RDONLY | O_CLOEXEC);
    snprintf(other, sizeof other, "%s.next", path);
    bool grows = error == change_grow;
    int to = grows ? REAL(open)(path, O_WRONLY | O_APPEND | O_CLOEXEC)
                   : REAL(open)(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    char bytes[1024];
    ssize_t count = REAL(read)(from, bytes, sizeof bytes);
    if (count < 0 || REAL(write)(to, bytes, (size_t)count) != count) abort();
    REAL(close)(from);
    REAL(close)(to);
    if (!grows && REAL(rename)(other, path) != 0) abort();
    break;
  case change_overwrite:
    overwrite(path, status.st_size);
    break;
  }
  return true;
}

// Whether this call is the one that fails. A path is noted, or that of a descriptor.
static bool strikes(enum call call, const char *path, int descriptor) {
  // What Swift's runtime asks about the process before the program begins is not the program's.
  if (path && strncmp(path, "/proc/", 6) == 0) return false;
  // A disk that is full does not keep the terminal from showing why.
  if (descriptor == 2) return false;
  unsigned number = atomic_fetch_add(&tally->counts[call], 1) + 1;
  if ((int)call != chosen || !(number == at || (lasting && number > at))) return false;
  char place[sizeof tally->path] = "";
  if (path) {
    if (!REAL(realpath)(path, place)) strncpy(place, path, sizeof place - 1);
  } else if (descriptor >= 0 && descriptor <= 2) {
    snprintf(place, sizeof place, "descriptor %d", descriptor);
  } else if (descriptor >= 0) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = REAL(readlink)(link, place, sizeof place - 1);
    if (length >= 0) place[length] = 0;
  }
  if (error < 0 && !change(place)) return false;
  if (atomic_fetch_add(&tally->struck, 1) == 0) memcpy(tally->path, place, sizeof place);
  if (error < 0) return false;
  if (error) errno = error;
  return true;
}

// A call that only ever fails or is made as it is.
#define WHOLE(result, name, parameters, arguments, call, path, descriptor, failure)                                  \
  result name parameters {                                                                                           \
    if (strikes(call, path, descriptor) && error) return failure;                                                    \
    return REAL(name) arguments;                                                                                     \
  }
// A call that can be given less than it asked for.
#define PARTIAL(result, name, parameters, arguments, call, descriptor)                                               \
  result name parameters {                                                                                           \
    if (strikes(call, NULL, descriptor)) {                                                                           \
      if (error) return -1;                                                                                          \
      if (count > 1) count = count / 2;                                                                              \
    }                                                                                                                \
    return REAL(name) arguments;                                                                                     \
  }

static mode_t mode_of(int flags, va_list list) {
  return flags & (O_CREAT | __O_TMPFILE) ? (mode_t)va_arg(list, int) : 0;
}

// A full disk is in the way of new files alone.
static bool may_fail(int flags) {
  return error && (error != ENOSPC || flags & (O_CREAT | __O_TMPFILE));
}

#define OPEN(name)                                                                                                   \
  int name(const char *path, int flags, ...) {                                                                       \
    va_list list;                                                                                                    \
    va_start(list, flags);                                                                                           \
    mode_t mode = mode_of(flags, list);                                                                              \
    va_end(list);                                                                                                    \
    if (strikes(call_open, path, -1) && may_fail(flags)) return -1;                                                  \
    return REAL(name)(path, flags, mode);                                                                            \
  }
#define OPENAT(name)                                                                                                 \
  int name(int folder, const char *path, int flags, ...) {                                                           \
    va_list list;                                                                                                    \
    va_start(list, flags);                                                                                           \
    mode_t mode = mode_of(flags, list);                                                                              \
    va_end(list);                                                                                                    \
    if (strikes(call_openat, path, -1) && may_fail(flags)) return -1;                                                \
    return REAL(name)(folder, path, flags, mode);                                                                    \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
PARTIAL(ssize_t, read, (int file, void *place, size_t count), (file, place, count), call_read, file)
PARTIAL(ssize_t, pread, (int file, void *place, size_t count, off_t from), (file, place, count, from), call_pread, file)
PARTIAL(ssize_t, pread64, (int file, void *place, size_t count, off64_t from), (file, place, count, from), call_pread,
        file)
PARTIAL(ssize_t, write, (int file, const void *place, size_t count), (file, place, count), call_write, file)
PARTIAL(ssize_t, pwrite, (int file, const void *place, size_t count, off_t from), (file, place, count, from),
        call_pwrite, file)
PARTIAL(ssize_t, pwrite64, (int file, const void *place, size_t count, off64_t from), (file, place, count, from),
        call_pwrite, file)
WHOLE(int, fsync, (int file), (file), call_fsync, NULL, file, -1)
WHOLE(int, fdatasync, (int file), (file), call_fdatasync, NULL, file, -1)
WHOLE(int, rename, (const char *from, const char *to), (from, to), call_rename, to, -1, -1)
WHOLE(int, unlink, (const char *path), (path), call_unlink, path, -1, -1)
WHOLE(int, rmdir, (const char *path), (path), call_rmdir, path, -1, -1)
WHOLE(int, mkdir, (const char *path, mode_t mode), (path, mode), call_mkdir, path, -1, -1)
WHOLE(int, mkstemp, (char *path), (path), call_mkstemp, path, -1, -1)
WHOLE(int, mkstemp64, (char *path), (path), call_mkstemp, path, -1, -1)
WHOLE(int, stat, (const char *path, struct stat *status), (path, status), call_stat, path, -1, -1)
WHOLE(int, stat64, (const char *path, struct stat64 *status), (path, status), call_stat, path, -1, -1)
WHOLE(int, lstat, (const char *path, struct stat *status), (path, status), call_lstat, path, -1, -1)
WHOLE(int, lstat64, (const char *path, struct stat64 *status), (path, status), call_lstat, path, -1, -1)
WHOLE(int, fstat, (int file, struct stat *status), (file, status), call_fstat, NULL, file, -1)
WHOLE(int, fstat64, (int file, struct stat64 *status), (file, status), call_fstat, NULL, file, -1)
WHOLE(off_t, lseek, (int file, off_t to, int from), (file, to, from), call_lseek, NULL, file, -1)
WHOLE(off64_t, lseek64, (int file, off64_t to, int from), (file, to, from), call_lseek, NULL, file, -1)
WHOLE(int, ftruncate, (int file, off_t size), (file, size), call_ftruncate, NULL, file, -1)
WHOLE(int, ftruncate64, (int file, off64_t size), (file, size), call_ftruncate, NULL, file, -1)
WHOLE(void *, mmap, (void *place, size_t size, int kind, int flags, int file, off_t from),
      (place, size, kind, flags, file, from), call_mmap, NULL, file, MAP_FAILED)
WHOLE(void *, mmap64, (void *place, size_t size, int kind, int flags, int file, off64_t from),
      (place, size, kind, flags, file, from), call_mmap, NULL, file, MAP_FAILED)
WHOLE(DIR *, opendir, (const char *path), (path), call_opendir, path, -1, NULL)
WHOLE(struct dirent *, readdir, (DIR * folder), (folder), call_readdir, NULL, dirfd(folder), NULL)
WHOLE(struct dirent64 *, readdir64, (DIR * folder), (folder), call_readdir, NULL, dirfd(folder), NULL)
WHOLE(char *, realpath, (const char *path, char *to), (path, to), call_realpath, path, -1, NULL)
WHOLE(ssize_t, readlink, (const char *path, char *to, size_t size), (path, to, size), call_readlink, path, -1, -1)
WHOLE(char *, getcwd, (char *to, size_t size), (to, size), call_getcwd, NULL, -1, NULL)
WHOLE(FILE *, fopen, (const char *path, const char *mode), (path, mode), call_fopen, path, -1, NULL)
WHOLE(FILE *, fopen64, (const char *path, const char *mode), (path, mode), call_fopen, path, -1, NULL)
WHOLE(int, statvfs, (const char *path, struct statvfs *status), (path, status), call_statvfs, path, -1, -1)
WHOLE(int, statvfs64, (const char *path, struct statvfs64 *status), (path, status), call_statvfs, path, -1, -1)
WHOLE(int, dup, (int file), (file), call_dup, NULL, file, -1)
// These return the error.
WHOLE(int, pthread_create, (pthread_t * thread, const pthread_attr_t *how, void *(*body)(void *), void *with),
      (thread, how, body, with), call_pthread_create, NULL, -1, error)

// A descriptor is gone even where closing it fails: the next close of its number would be another's.
int close(int file) {
  bool fails = strikes(call_close, NULL, file) && error;
  int result = REAL(close)(file);
  if (!fails) return result;
  errno = error;
  return -1;
}

int fcntl(int file, int command, ...) {
  va_list list;
  va_start(list, command);
  void *argument = va_arg(list, void *);
  va_end(list);
  if (strikes(call_fcntl, NULL, file) && error) return -1;
  return REAL(fcntl)(file, command, argument);
}

int fcntl64(int file, int command, ...) {
  va_list list;
  va_start(list, command);
  void *argument = va_arg(list, void *);
  va_end(list);
  if (strikes(call_fcntl, NULL, file) && error) return -1;
  return REAL(fcntl64)(file, command, argument);
}
