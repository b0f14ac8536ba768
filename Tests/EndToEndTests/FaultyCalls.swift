import Foundation
import Testing

/// Runs the program with system calls that fail, or that are interrupted, at a chosen moment: a library that is loaded before the C library.
enum FaultyCalls {
    /// Runs a line of shell.
    /// - Parameter faults: triples of a call, which of its calls it is (counted from 1, those on the program's output files alone), and
    ///   the error number with which it fails; negative: the signal that the process gets while the call succeeds.
    static func run(_ script: String, _ faults: String, in folder: Folder) throws -> CommandRun {
        let library = try built.get()
        let run = try Program.shell(
            "LD_PRELOAD='\(library.path)/faults.so' FAULTS='\(faults)' \(script)", in: folder.path)
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
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>

        /* Counts the calls of a name; what its plan says of this one: 0, an error number, or a signal below 0. */
        static int fault(const char *name, int *calls) {
            const char *plan = getenv("FAULTS");
            int number = __atomic_add_fetch(calls, 1, __ATOMIC_SEQ_CST), at, what, read;
            char call[16];
            while (plan && sscanf(plan, "%15s %d %d%n", call, &at, &what, &read) == 3) {
                if (!strcmp(call, name) && at == number) return what;
                plan += read;
            }
            return 0;
        }

        #define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
        #define FAIL(name, call) \
            static int calls; \
            int what = fault(#name, &calls); \
            if (what > 0) { errno = what; return -1; } \
            if (what < 0) kill(getpid(), -what); \
            return call;

        int rename(const char *from, const char *to) { FAIL(rename, REAL(rename)(from, to)) }
        int link(const char *from, const char *to) { FAIL(link, REAL(link)(from, to)) }
        int fsync(int file) { FAIL(fsync, REAL(fsync)(file)) }
        """#
}
