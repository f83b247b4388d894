/* What tests of kernels with known answers share: comparisons, both precisions from one macro, and workspaces. */
#ifndef KNOWN_H
#define KNOWN_H

#include "check.h"
#include "sae_kernels.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define OK(call) CHECK((call) == SAEK_STATUS_OK)
#define NEAR(x, y, tolerance) CHECK(fabs((double)(x) - (double)(y)) <= (tolerance))

/* Defines a test of both precisions, a macro of (type, real, tolerance), and runs it by the name that it defines. */
#define BOTH(TEST)              \
    TEST(f32, float, 1e-5)      \
    TEST(f64, double, 1e-12)
#define RUN_BOTH(test)          \
    RUN(test##_f32);            \
    RUN(test##_f64)

static void *allocation;

/* A workspace on the heap, where memory checkers watch its ends. */
static inline void *new_workspace(size_t bytes, size_t align) {
    unsigned char *start = (unsigned char *)(allocation = malloc(bytes + align));
    if (start == NULL) {
        abort();
    }
    return start + (align - (uintptr_t)start % align) % align;
}

static inline void free_workspace(void) {
    free(allocation);
}

/* Declares `workspace` and its size, `bytes`, by a call of the query with the arguments before those two. */
#define WORKSPACE(query, ...)                                  \
    size_t bytes = 0, align = 1;                               \
    saek_status asked = query(__VA_ARGS__, &bytes, &align);    \
    void *workspace = new_workspace(bytes, align);             \
    CHECK(asked == SAEK_STATUS_OK)

#endif
