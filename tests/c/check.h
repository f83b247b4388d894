/* A small test harness for C and C++: named tests, each passed or failed, and a last line that counts them.
 *
 * A test is a function without arguments that calls CHECK; RUN runs it. A program ends with `return finish();`,
 * which prints "N passed, M failed" and is 0 only where something passed and nothing failed.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

static int tests_passed;
static int tests_failed;
/* Whether the test that now runs has failed a check. */
static int test_has_failed;

static inline void check(int holds, const char *condition, const char *file, int line) {
    if (!holds) {
        printf("%s:%d: does not hold: %s\n", file, line, condition);
        test_has_failed = 1;
    }
}

static inline void run_test(void (*test)(void), const char *name) {
    test_has_failed = 0;
    test();
    if (test_has_failed) {
        printf("FAILED %s\n", name);
        tests_failed++;
    } else {
        tests_passed++;
    }
}

static inline int finish(void) {
    printf("%d passed, %d failed\n", tests_passed, tests_failed);
    return tests_failed != 0 || tests_passed == 0;
}

#define CHECK(condition) check((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
#define RUN(test) run_test(test, #test)

#endif
