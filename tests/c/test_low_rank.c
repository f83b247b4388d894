/* Correlations of low rank: rates of features that fire together, and the two outputs against each other. */
#include "known.h"

#include <string.h>

enum { FEATURES = 70, RANK = 3, ROWS = 2000 };

#define LOW_RANK(type, real, tolerance)                                                                          \
    static void low_rank_##type(void) {                                                                          \
        static real factor[FEATURES * RANK], diagonal[FEATURES], dense[ROWS * FEATURES], spread[ROWS * FEATURES];\
        static real values[ROWS * FEATURES];                                                                     \
        static uint32_t columns[ROWS * FEATURES];                                                                \
        static int64_t offsets[ROWS + 1];                                                                        \
        const real probability = (real)0.2, mean = 1, std_dev = (real)0.1;                                       \
        size_t capped, plan_len, bytes, align, nnz, r;                                                           \
        int64_t k;                                                                                               \
        real *plan;                                                                                              \
        void *workspace;                                                                                         \
        memset(spread, 0, sizeof spread);                                                                        \
        OK(saek_low_rank_factor_##type(0.3, 1, 0, factor, FEATURES, RANK, RANK, diagonal, &capped));             \
        CHECK(capped < FEATURES);                                                                                \
        OK(saek_low_rank_plan_len_##type(FEATURES, RANK, &plan_len));                                            \
        plan = (real *)malloc(plan_len * sizeof(real));                                                          \
        OK(saek_plan_low_rank_##type(factor, FEATURES, RANK, RANK, diagonal, &probability, 1, plan, plan_len));  \
        OK(saek_sample_low_rank_##type##_workspace(FEATURES, RANK, &bytes, &align));                             \
        workspace = new_workspace(bytes, align);                                                                 \
        CHECK(saek_sample_low_rank_csr_##type(plan, plan_len, FEATURES, RANK, &mean, 1, &std_dev, 1, 5, 6, 7, ROWS,\
                                              offsets, NULL, NULL, 0, workspace, bytes) ==                       \
              SAEK_STATUS(SAEK_STATUS_CAPACITY, SAEK_ARGUMENT_CAPACITY));                                        \
        nnz = (size_t)offsets[ROWS];                                                                             \
        /* Counts of rows vary by a normal factor's sums: 70 features, correlations of 0.3^2 sqrt(3) or so, 5 sigma. */\
        NEAR(nnz, 0.2 * ROWS * FEATURES, 5 * sqrt(ROWS * FEATURES * 0.16 * (1 + 70 * 0.1)));                     \
        OK(saek_sample_low_rank_csr_##type(plan, plan_len, FEATURES, RANK, &mean, 1, &std_dev, 1, 5, 6, 7, ROWS, \
                                           offsets, columns, values, nnz, workspace, bytes));                    \
        for (r = 0; r < ROWS; r++) {                                                                             \
            for (k = offsets[r]; k < offsets[r + 1]; k++) {                                                      \
                spread[r * FEATURES + columns[k]] = values[k];                                                   \
            }                                                                                                    \
        }                                                                                                        \
        /* In two calls, the same. */                                                                            \
        OK(saek_sample_low_rank_##type(plan, plan_len, FEATURES, RANK, &mean, 1, &std_dev, 1, 5, 6, 7, dense, 100,\
                                       FEATURES, workspace, bytes));                                             \
        OK(saek_sample_low_rank_##type(plan, plan_len, FEATURES, RANK, &mean, 1, &std_dev, 1, 5, 6, 107,         \
                                       dense + 100 * FEATURES, ROWS - 100, FEATURES, workspace, bytes));         \
        CHECK(memcmp(dense, spread, sizeof dense) == 0);                                                         \
        free(plan);                                                                                              \
        free_workspace();                                                                                        \
    }

BOTH(LOW_RANK)

int main(void) {
    RUN_BOTH(low_rank);
    return finish();
}
