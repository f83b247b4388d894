/* Plans of hierarchies that were overwritten: to use one is safe, whatever it then does.
 *
 * Each is applied to dense rows and to the same sparse ones, and compensated for, with memory as long as it must be and
 * no longer. Nothing outside the rows may change, a sparse batch must stay one, probabilities must stay probabilities, and
 * the library must not meet a defect of its own.
 */
#ifndef OVERWRITTEN_PLAN_H
#define OVERWRITTEN_PLAN_H

#include "check.h"
#include "sae_kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { OVERWRITTEN_ROWS = 3, MOST_NODES = 40, BETWEEN_ROWS = 77 };

/* Knuth's linear congruential generator; its upper half. */
static uint32_t random_word(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

static void *new_memory(size_t bytes) {
    void *memory = malloc(bytes + (bytes == 0));
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static int is_no_defect(saek_status status) {
    return status % 256 != SAEK_STATUS_INTERNAL;
}

#define OVERWRITTEN(type, real)                                                                                  \
    static void apply_overwritten_##type(const uint32_t *plan, size_t plan_len, size_t cols, size_t mean_count,  \
                                         uint64_t seed) {                                                        \
        const real numbers[] = {0, 0, -1, (real)0.5, 1, 3};                                                      \
        size_t rows = OVERWRITTEN_ROWS, elements = rows * (cols + 1) - 1, nnz = 0, bytes = 0, align = 1, i, r;   \
        int64_t *offsets = (int64_t *)new_memory((rows + 1) * sizeof(int64_t));                                  \
        uint32_t *columns = (uint32_t *)new_memory(rows * cols * sizeof(uint32_t));                              \
        real *values = (real *)new_memory(rows * cols * sizeof(real));                                           \
        real *dense = (real *)new_memory(elements * sizeof(real));                                               \
        real *means = (real *)new_memory(mean_count * sizeof(real));                                             \
        char *memory, *workspace;                                                                                \
        CHECK(saek_hierarchy_apply_planned_workspace(plan_len, &bytes, &align) == SAEK_STATUS_OK);               \
        memory = (char *)new_memory(bytes + align);                                                              \
        workspace = memory + (align - (uintptr_t)memory % align);                                                \
        for (i = 0; i < mean_count; i++) {                                                                       \
            means[i] = (real)(i + 1);                                                                            \
        }                                                                                                        \
        offsets[0] = 0;                                                                                          \
        for (i = 0; i < elements; i++) {                                                                         \
            dense[i] = i % (cols + 1) == cols ? BETWEEN_ROWS : numbers[random_word(&seed) % 6];                  \
            if (i % (cols + 1) < cols && dense[i] != 0) {                                                        \
                columns[nnz] = (uint32_t)(i % (cols + 1));                                                       \
                values[nnz++] = dense[i];                                                                        \
            }                                                                                                    \
            offsets[i / (cols + 1) + 1] = (int64_t)nnz;                                                          \
        }                                                                                                        \
        CHECK(is_no_defect(saek_hierarchy_apply_planned_##type(                                                  \
            plan, plan_len, mean_count > 0 ? means : NULL, mean_count, 1, 2, 3, dense, rows, cols, cols + 1,     \
            workspace, bytes)));                                                                                 \
        for (r = 1; r < rows; r++) {                                                                             \
            CHECK(dense[r * (cols + 1) - 1] == BETWEEN_ROWS);                                                    \
        }                                                                                                        \
        CHECK(is_no_defect(saek_hierarchy_apply_csr_##type(                                                      \
            plan, plan_len, mean_count > 0 ? means : NULL, mean_count, 1, 2, 3, offsets, columns, values, nnz,   \
            rows, cols, workspace, bytes)));                                                                     \
        CHECK(offsets[0] == 0 && offsets[rows] <= (int64_t)nnz);                                                 \
        CHECK(saek_modify_csr_##type(offsets, columns, values, nnz, rows, cols, 0, NULL, NULL) == SAEK_STATUS_OK);\
        free(memory);                                                                                            \
        free(means);                                                                                             \
        free(dense);                                                                                             \
        free(values);                                                                                            \
        free(columns);                                                                                           \
        free(offsets);                                                                                           \
    }                                                                                                            \
                                                                                                                 \
    static void compensate_overwritten_##type(const uint32_t *plan, size_t plan_len, size_t features,            \
                                              size_t rate_count, uint64_t seed) {                                \
        size_t unmet = 0, bytes = 0, align = 1, i;                                                               \
        real *rates = (real *)new_memory(rate_count * sizeof(real));                                             \
        real *out = (real *)new_memory(features * sizeof(real));                                                 \
        char *memory;                                                                                            \
        saek_status status;                                                                                      \
        CHECK(saek_compensate_probabilities_workspace(plan_len, &bytes, &align) == SAEK_STATUS_OK);              \
        memory = (char *)new_memory(bytes + align);                                                              \
        for (i = 0; i < rate_count; i++) {                                                                       \
            rates[i] = (real)(random_word(&seed) % 9) / 8;                                                       \
        }                                                                                                        \
        status = saek_compensate_probabilities_##type(plan, plan_len, rates, rate_count, (uint32_t)(seed >> 63), \
                                                      out, features, &unmet,                                     \
                                                      memory + (align - (uintptr_t)memory % align), bytes);      \
        CHECK(status == SAEK_STATUS_OK);                                                                         \
        for (i = 0; status == SAEK_STATUS_OK && i < features; i++) {                                             \
            CHECK(out[i] >= 0 && out[i] <= 1);                                                                   \
        }                                                                                                        \
        free(memory);                                                                                            \
        free(out);                                                                                               \
        free(rates);                                                                                             \
    }

OVERWRITTEN(f32, float)
OVERWRITTEN(f64, double)

static void use_overwritten(const uint32_t *plan, size_t nodes, uint64_t seed) {
    const size_t cols[] = {1, 5, 70};
    size_t plan_len = 6 * nodes + 1, i, k;
    /* On the heap and no longer than it is. */
    uint32_t *copy = (uint32_t *)new_memory(plan_len * sizeof *copy);
    memcpy(copy, plan, plan_len * sizeof *copy);
    for (i = 0; i < sizeof cols / sizeof *cols; i++) {
        /* The first number says whether there is scaling, and so whether means are checked. */
        for (k = 0; k < 2; k++) {
            size_t mean_counts[] = {0, 1, 2, 0};
            size_t m;
            mean_counts[3] = cols[i];
            copy[0] = k == 0 ? plan[0] : 0;
            for (m = 0; m < 4; m++) {
                apply_overwritten_f32(copy, plan_len, cols[i], mean_counts[m], seed);
                apply_overwritten_f64(copy, plan_len, cols[i], mean_counts[m], seed + 1);
            }
        }
        compensate_overwritten_f32(copy, plan_len, cols[i], 1, seed + 2);
        compensate_overwritten_f64(copy, plan_len, cols[i], cols[i], seed + 3);
    }
    free(copy);
}

/* The same number everywhere, random numbers, and random numbers as small as those of a plan are. */
static void overwritten_by_anything(void) {
    const size_t nodes[] = {0, 1, 2, 9, MOST_NODES};
    uint32_t plan[6 * MOST_NODES + 1];
    uint64_t state = 1;
    size_t i, k;
    for (i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        int round;
        memset(plan, 0xff, sizeof plan);
        use_overwritten(plan, nodes[i], 1);
        memset(plan, 0, sizeof plan);
        use_overwritten(plan, nodes[i], 2);
        for (round = 0; round < 24; round++) {
            uint32_t limit = round % 3 == 0 ? UINT32_MAX : round % 3 == 1 ? 3 : (uint32_t)nodes[i] + 2;
            for (k = 0; k <= 6 * nodes[i]; k++) {
                plan[k] = random_word(&state) % 8 == 0 ? SAEK_NONE : random_word(&state) % limit;
            }
            use_overwritten(plan, nodes[i], state);
        }
    }
}

/* One number of a good plan of five nodes changed at a time. */
static void overwritten_in_one_place(const uint32_t *good) {
    const uint32_t numbers[] = {0, 1, 2, 3, 4, 5, 1000, SAEK_NONE - 1, SAEK_NONE};
    uint32_t plan[31];
    size_t k, n;
    for (k = 0; k < 31; k++) {
        for (n = 0; n < sizeof numbers / sizeof *numbers; n++) {
            memcpy(plan, good, sizeof plan);
            plan[k] = numbers[n];
            use_overwritten(plan, 5, k + n);
        }
    }
}

#endif
