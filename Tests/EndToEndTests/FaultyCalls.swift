import Foundation
import Testing

/// Runs the program with system calls that fail, or that are interrupted, at a chosen moment: a library that is loaded before the C library.
enum FaultyCalls {
    /// Runs the program.
    /// - Parameters:
    ///   - faults: triples of a call, which of its calls it is, counted from 1, and the error number with which it fails; negative: the signal
    ///     that the process gets ahead of the call; 0: `meanwhile` is run ahead of it. Of writes those to the standard descriptors do not
    ///     count, of `open` only files below a folder `bundle`, of `openat` only an index's logs.
    ///   - meanwhile: a line of shell.
    static func run(
        _ command: String, _ faults: String, meanwhile: String = "", in folder: Folder
    ) throws -> CommandRun {
        let library = try built.get()
        let variables = "LD_PRELOAD='\(library.path)/faults.so' FAULTS='\(faults)' MEANWHILE=\"$meanwhile\""
        let script = "meanwhile=$(cat <<'END'\n\(meanwhile)\nEND\n)\n\(variables) \(command)"
        let run = try Program.shell(script, in: folder.path)
        try #require(!run.errors.contains("cannot be preloaded"), "\(run.errors)")
        return run
    }

    private static let built = Result {
        let folder = try Folder()
        try folder.write(source, to: "faults.c")
        let run = try Program.shell("cc -shared -fPIC -O1 -o faults.so faults.c -ldl", in: folder.path)
        try #require(run.status == 0, "\(run.errors)")
        return folder
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdarg.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>

        /* Counts the calls of a name, and does what the plan says of this one; whether it fails. */
        static int fails(const char *name, int *calls) {
            const char *plan = getenv("FAULTS");
            int number = __atomic_add_fetch(calls, 1, __ATOMIC_SEQ_CST), at, what, read;
            char call[16];
            while (plan && sscanf(plan, "%15s %d %d%n", call, &at, &what, &read) == 3) {
                plan += read;
                if (strcmp(call, name) || at != number) continue;
                if (what < 0) kill(getpid(), -what);
                if (what == 0) {
                    unsetenv("FAULTS");
                    if (system(getenv("MEANWHILE"))) abort();
                }
                errno = what;
                return what > 0;
            }
            return 0;
        }

        #define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
        #define FAIL(name, call) \
            static int calls; \
            return fails(#name, &calls) ? -1 : call;

        int rename(const char *from, const char *to) { FAIL(rename, REAL(rename)(from, to)) }
        int link(const char *from, const char *to) { FAIL(link, REAL(link)(from, to)) }
        int fsync(int file) { FAIL(fsync, REAL(fsync)(file)) }
        ssize_t write(int file, const void *bytes, size_t count) {
            if (file <= 2) return REAL(write)(file, bytes, count);
            FAIL(write, REAL(write)(file, bytes, count))
        }
        ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
            FAIL(pwrite, REAL(pwrite)(file, bytes, count, at))
        }
        int open(const char *path, int flags, ...) {
            va_list rest;
            va_start(rest, flags);
            int mode = va_arg(rest, int);
            if (!strstr(path, "/bundle/")) return REAL(open)(path, flags, mode);
            FAIL(open, REAL(open)(path, flags, mode))
        }
        int openat(int folder, const char *path, int flags, ...) {
            va_list rest;
            va_start(rest, flags);
            int mode = va_arg(rest, int);
            if (strncmp(path, "log-", 4)) return REAL(openat)(folder, path, flags, mode);
            FAIL(openat, REAL(openat)(folder, path, flags, mode))
        }
        """#
}
