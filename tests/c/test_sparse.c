/* Samples in the time of their firings: certain answers, expected counts, and the three outputs against each other. */
#include "known.h"

#include <string.h>

enum { FEATURES = 300, ROWS = 400, COLS = 5 };

/* Allocates a plan's arrays. */
#define PLAN(type, real)                                                                                       \
    static saek_firing_plan plan_##type(const real *probabilities, size_t len) {                               \
        saek_firing_plan plan;                                                                                 \
        OK(saek_firing_plan_init(&plan));                                                                      \
        plan.features = FEATURES;                                                                              \
        OK(saek_firing_plan_lengths_##type(probabilities, len, FEATURES, &plan.guide_len, &plan.frequent_len)); \
        plan.cumulative_hazards = (double *)malloc(FEATURES * sizeof(double));                                 \
        plan.guide = (uint32_t *)malloc(plan.guide_len * sizeof(uint32_t));                                    \
        /* One more, since malloc(0) may be null or not. */                                                    \
        plan.frequent = (uint32_t *)malloc((plan.frequent_len + 1) * sizeof(uint32_t));                        \
        plan.frequent_probabilities = (double *)malloc((plan.frequent_len + 1) * sizeof(double));              \
        OK(saek_plan_firing_##type(probabilities, len, &plan));                                                \
        return plan;                                                                                           \
    }

PLAN(f32, float)
PLAN(f64, double)

static void free_plan(saek_firing_plan *plan) {
    free(plan->cumulative_hazards);
    free(plan->guide);
    free(plan->frequent);
    free(plan->frequent_probabilities);
}

#define ALL_OR_NOTHING(type, real, tolerance)                                                                  \
    static void all_or_nothing_##type(void) {                                                                  \
        static real samples[ROWS * FEATURES];                                                                  \
        real probability;                                                                                      \
        size_t i;                                                                                              \
        for (probability = 0; probability <= 1; probability += 1) {                                            \
            saek_firing_plan plan = plan_##type(&probability, 1);                                              \
            saek_planned_firing_##type firing;                                                                 \
            OK(saek_planned_firing_##type##_init(&firing));                                                    \
            firing.plan = &plan;                                                                               \
            OK(saek_sample_sparse_##type(&firing, 1, 0, 0, samples, ROWS, FEATURES, FEATURES));                \
            for (i = 0; i < ROWS * FEATURES; i++) {                                                            \
                /* The default mean is 1, the default standard deviation 0. */                                 \
                CHECK(samples[i] == probability);                                                              \
            }                                                                                                  \
            free_plan(&plan);                                                                                  \
        }                                                                                                      \
    }

BOTH(ALL_OR_NOTHING)

#define OUTPUTS_AGREE(type, real, tolerance)                                                                   \
    static void outputs_agree_##type(void) {                                                                   \
        static real probabilities[FEATURES], dense[ROWS * FEATURES], dictionary[FEATURES * COLS];              \
        static real values[ROWS * FEATURES], scattered[ROWS * FEATURES], at_once[ROWS * COLS], in_two[ROWS * COLS]; \
        static uint32_t columns[ROWS * FEATURES];                                                              \
        static int64_t offsets[ROWS + 1];                                                                      \
        const real std_dev = (real)0.5, bias[COLS] = {1, 2, 3, 4, 5};                                          \
        saek_firing_plan plan;                                                                                 \
        saek_planned_firing_##type firing;                                                                     \
        double expected = 0;                                                                                   \
        size_t nnz, r, j;                                                                                      \
        int64_t k;                                                                                             \
        memset(scattered, 0, sizeof scattered);                                                                \
        for (j = 0; j < FEATURES; j++) {                                                                       \
            probabilities[j] = (real)1 / (real)(j + 1);                                                        \
            /* P(1 + N(0, 1) / 2 > 0) = 0.97725. */                                                            \
            expected += 0.97725 * ROWS / (double)(j + 1);                                                      \
        }                                                                                                      \
        for (j = 0; j < FEATURES * COLS; j++) {                                                                \
            dictionary[j] = (real)((j * 37) % 11) - 5;                                                         \
        }                                                                                                      \
        plan = plan_##type(probabilities, FEATURES);                                                           \
        CHECK(plan.frequent_len == 1 && plan.frequent[0] == 0 && plan.frequent_probabilities[0] == 1);         \
        OK(saek_planned_firing_##type##_init(&firing));                                                        \
        firing.plan = &plan;                                                                                   \
        firing.std_devs = &std_dev;                                                                            \
        firing.std_devs_len = 1;                                                                               \
        CHECK(saek_sample_sparse_csr_##type(&firing, 3, 4, 5, ROWS, offsets, NULL, NULL, 0) ==                 \
              SAEK_STATUS(SAEK_STATUS_CAPACITY, SAEK_ARGUMENT_CAPACITY));                                      \
        nnz = (size_t)offsets[ROWS];                                                                           \
        /* The number of firings has a variance below its mean: within 5 standard deviations. */               \
        NEAR(nnz, expected, 5 * sqrt(expected));                                                               \
        OK(saek_sample_sparse_csr_##type(&firing, 3, 4, 5, ROWS, offsets, columns, values, nnz));              \
        for (r = 0; r < ROWS; r++) {                                                                           \
            for (k = offsets[r]; k < offsets[r + 1]; k++) {                                                    \
                scattered[r * FEATURES + columns[k]] = values[k];                                              \
            }                                                                                                  \
        }                                                                                                      \
        /* In two calls, the same. */                                                                          \
        OK(saek_sample_sparse_##type(&firing, 3, 4, 5, dense, 100, FEATURES, FEATURES));                       \
        OK(saek_sample_sparse_##type(&firing, 3, 4, 105, dense + 100 * FEATURES, ROWS - 100, FEATURES, FEATURES)); \
        CHECK(memcmp(dense, scattered, sizeof dense) == 0);                                                    \
        OK(saek_sample_projected_##type(&firing, 3, 4, 5, dictionary, COLS, bias, at_once, ROWS, COLS, COLS)); \
        OK(saek_project_csr_##type(offsets, columns, values, nnz, ROWS, FEATURES, dictionary, COLS, bias, in_two, \
                                   COLS, COLS));                                                               \
        CHECK(memcmp(at_once, in_two, sizeof at_once) == 0);                                                   \
        free_plan(&plan);                                                                                      \
    }

BOTH(OUTPUTS_AGREE)

int main(void) {
    RUN_BOTH(all_or_nothing);
    RUN_BOTH(outputs_agree);
    return finish();
}
