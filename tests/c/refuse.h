/* Checks that a bad call is refused with the right status and leaves all memory as it was.
 *
 * Arrays and variables that a function could write are registered, with GUARD, which fills them with a canary, or
 * with GUARD_CONTENTS, which leaves them as they are; memory behind a pointer with guard_canary and guard_contents.
 * Then, for one function,
 *
 *   ACCEPTED(call)                     the good call: it succeeds and writes something. It comes first: a table
 *                                      whose good call fails would prove nothing. Contents are then restored.
 *   REFUSED(reason, argument, call)    the call with one thing wrong: exactly this status, and no registered byte
 *                                      changes.
 *   REFUSED_WITH(place, value, ...)    the same with a variable or an element set to a value for that call.
 *   ANSWERED(call, text)               a function that cannot fail gives this string.
 *   BAD_PARAMS, NOT_FINITE             usual groups of such calls.
 *
 * Each counts as one test. RELEASE forgets the buffers. `--functions` prints the name of every function called, so
 * that the list can be compared with the functions that the library exports.
 */
#ifndef REFUSE_H
#define REFUSE_H

#include "check.h"
#include "sae_kernels.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_GUARDS = 32, CANARY = 0xa5 };

struct guard {
    unsigned char *memory, *before;
    size_t bytes;
};

static struct guard guards[MOST_GUARDS];
static size_t guard_count;
static int print_functions;

/* Registers memory as it is now. */
static inline void guard_contents(void *memory, size_t bytes) {
    struct guard *g = &guards[guard_count++];
    if (guard_count > MOST_GUARDS || (g->before = (unsigned char *)malloc(bytes)) == NULL) {
        abort();
    }
    g->memory = (unsigned char *)memory;
    g->bytes = bytes;
    memcpy(g->before, memory, bytes);
}

/* Fills memory with the canary and registers it. */
static inline void guard_canary(void *memory, size_t bytes) {
    memset(memory, CANARY, bytes);
    guard_contents(memory, bytes);
}

static inline int guards_hold(void) {
    size_t i;
    for (i = 0; i < guard_count; i++) {
        if (memcmp(guards[i].memory, guards[i].before, guards[i].bytes) != 0) {
            return 0;
        }
    }
    return 1;
}

/* Registers the contents of all buffers anew. */
static inline void take_guards(void) {
    size_t i;
    for (i = 0; i < guard_count; i++) {
        memcpy(guards[i].before, guards[i].memory, guards[i].bytes);
    }
}

static inline void restore_guards(void) {
    size_t i;
    for (i = 0; i < guard_count; i++) {
        memcpy(guards[i].memory, guards[i].before, guards[i].bytes);
    }
}

static inline void release_guards(void) {
    while (guard_count > 0) {
        free(guards[--guard_count].before);
    }
}

static inline void count_case(int holds, const char *call) {
    if (print_functions) {
        printf("function %.*s\n", (int)strcspn(call, "("), call);
    }
    if (holds) {
        tests_passed++;
    } else {
        tests_failed++;
    }
    restore_guards();
}

static inline void accepted(saek_status status, const char *call) {
    int wrote = !guards_hold();
    if (status != SAEK_STATUS_OK) {
        printf("FAILED %s: refused, \"%s %s\"\n", call, saek_status_argument(status), saek_status_string(status));
    } else if (!wrote) {
        printf("FAILED %s: wrote nothing that is guarded\n", call);
    }
    count_case(status == SAEK_STATUS_OK && wrote, call);
}

static inline void refused(saek_status expected, saek_status status, const char *call) {
    int kept = guards_hold();
    if (status != expected) {
        printf("FAILED %s: \"%s %s\", not \"%s %s\"\n", call, saek_status_argument(status), saek_status_string(status),
               saek_status_argument(expected), saek_status_string(expected));
    }
    if (!kept) {
        printf("FAILED %s: was refused but has written\n", call);
    }
    count_case(status == expected && kept, call);
}

static inline void answered(const char *answer, const char *expected, const char *call) {
    int right = answer != NULL && strcmp(answer, expected) == 0;
    if (!right) {
        printf("FAILED %s: \"%s\", not \"%s\"\n", call, answer != NULL ? answer : "(null)", expected);
    }
    count_case(right, call);
}

static inline void bad_input_arguments(int argc, char **argv) {
    print_functions = argc > 1 && strcmp(argv[1], "--functions") == 0;
}

/* A pointer off its alignment by one byte. */
#define OFF_BY_ONE_BYTE(pointer) ((void *)((char *)(pointer) + 1))

#define GUARD(variable) guard_canary(&(variable), sizeof(variable))
#define GUARD_CONTENTS(variable) guard_contents(&(variable), sizeof(variable))
#define RELEASE() release_guards()
#define ACCEPTED(call) accepted((call), #call)
#define REFUSED(reason, argument, call)                                                                                \
    refused(SAEK_STATUS(SAEK_STATUS_##reason, SAEK_ARGUMENT_##argument), (call), #call)

#define ANSWERED(call, text) answered((call), (text), #call)

/* The same with `place`, any variable or element, set to `value` for this one call. */
#define REFUSED_WITH(place, value, reason, argument, call)                                                            \
    do {                                                                                                              \
        unsigned char kept_[sizeof(place)];                                                                           \
        memcpy(kept_, &(place), sizeof(place));                                                                       \
        (place) = (value);                                                                                            \
        take_guards();                                                                                                \
        refused(SAEK_STATUS(SAEK_STATUS_##reason, SAEK_ARGUMENT_##argument), (call), #call ", " #place " = " #value); \
        memcpy(&(place), kept_, sizeof(place));                                                                       \
        take_guards();                                                                                                \
    } while (0)

/* The faults that every parameter struct can have; `call` passes &params. */
#define BAD_PARAMS(params, call)                                                                \
    REFUSED_WITH((params).struct_size, 0, STRUCT_SIZE, PARAMS, call);                           \
    REFUSED_WITH((params).struct_size, 7, STRUCT_SIZE, PARAMS, call);                           \
    REFUSED_WITH((params).struct_size, sizeof(params) + 8, STRUCT_SIZE, PARAMS, call);          \
    REFUSED_WITH((params).struct_size, UINT32_MAX, STRUCT_SIZE, PARAMS, call)

/* A number that must be finite. */
#define NOT_FINITE(place, argument, call)                     \
    REFUSED_WITH(place, NAN, NOT_A_NUMBER, argument, call);   \
    REFUSED_WITH(place, INFINITY, INFINITE, argument, call);  \
    REFUSED_WITH(place, -INFINITY, INFINITE, argument, call)

#endif
