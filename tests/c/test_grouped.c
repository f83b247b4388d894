/* Features correlated in groups: factors known by hand, rates, and the two outputs against each other. */
#include "known.h"

#include <string.h>

enum { FEATURES = 4, ROWS = 4000, MEMBERS = 2 };

#define GROUPED(type, real, tolerance)                                                                         \
    static void grouped_##type(void) {                                                                         \
        static real dense[ROWS * FEATURES], scattered[ROWS * FEATURES], values[ROWS * FEATURES];               \
        static uint32_t columns[ROWS * FEATURES];                                                              \
        static int64_t offsets[ROWS + 1];                                                                      \
        const saek_correlated_pair pair = {1, 3, 0.8};                                                         \
        const real half = (real)0.5, certain[FEATURES] = {1, 1, 0, 1};                                         \
        real independent[FEATURES], factors[3], thresholds[MEMBERS];                                           \
        double hazards[FEATURES], both = 0;                                                                    \
        uint32_t members[MEMBERS], ranks[MEMBERS], group_ends[1], guide[FEATURES];                             \
        size_t report = 7, bytes, align, r;                                                                    \
        int64_t k;                                                                                             \
        void *memory;                                                                                          \
        saek_correlated_groups_lengths lengths;                                                                \
        saek_correlated_groups_##type groups;                                                                  \
        saek_firing_plan plan;                                                                                 \
        saek_planned_firing_##type firing;                                                                     \
        OK(saek_correlated_groups_lengths_init(&lengths));                                                     \
        OK(saek_count_groups_workspace(FEATURES, &bytes, &align));                                             \
        memory = new_workspace(bytes, align);                                                                  \
        OK(saek_count_groups(&pair, 1, FEATURES, &lengths, memory, bytes));                                    \
        CHECK(lengths.members == 2 && lengths.groups == 1 && lengths.factors == 3 && lengths.largest == 2);    \
        OK(saek_correlated_groups_##type##_init(&groups));                                                     \
        groups.lengths = &lengths;                                                                             \
        groups.members = members;                                                                              \
        groups.ranks = ranks;                                                                                  \
        groups.group_ends = group_ends;                                                                        \
        groups.factors = factors;                                                                              \
        groups.thresholds = thresholds;                                                                        \
        OK(saek_correlate_groups_##type##_workspace(FEATURES, &lengths, &bytes, &align));                      \
        free_workspace();                                                                                      \
        memory = new_workspace(bytes, align);                                                                  \
        OK(saek_correlate_groups_##type(&pair, 1, &half, 1, independent, FEATURES, &groups, &report, memory, bytes)); \
        CHECK(report == 0 && members[0] == 1 && members[1] == 3 && group_ends[0] == 2);                        \
        CHECK(independent[0] == half && independent[1] == 0 && independent[2] == half && independent[3] == 0); \
        /* The factor of ((1, 0.8), (0.8, 1)), and medians. */                                                 \
        NEAR(factors[0], 1, tolerance);                                                                        \
        NEAR(factors[1], 0.8, tolerance);                                                                      \
        NEAR(factors[2], 0.6, tolerance);                                                                      \
        CHECK(thresholds[0] == 0 && thresholds[1] == 0);                                                       \
        OK(saek_firing_plan_init(&plan));                                                                      \
        plan.features = FEATURES;                                                                              \
        OK(saek_firing_plan_lengths_##type(independent, FEATURES, FEATURES, &plan.guide_len, &plan.frequent_len)); \
        CHECK(plan.guide_len <= FEATURES && plan.frequent_len == 0);                                           \
        plan.cumulative_hazards = hazards;                                                                     \
        plan.guide = guide;                                                                                    \
        OK(saek_plan_firing_##type(independent, FEATURES, &plan));                                             \
        OK(saek_planned_firing_##type##_init(&firing));                                                        \
        firing.plan = &plan;                                                                                   \
        OK(saek_sample_grouped_csr_##type##_workspace(&lengths, &bytes, &align));                              \
        free_workspace();                                                                                      \
        memory = new_workspace(bytes, align);                                                                  \
        OK(saek_sample_grouped_csr_##type(&firing, &groups, 1, 2, 3, ROWS, offsets, columns, values, ROWS * FEATURES, \
                                          memory, bytes));                                                     \
        memset(scattered, 0, sizeof scattered);                                                                \
        for (r = 0; r < ROWS; r++) {                                                                           \
            for (k = offsets[r]; k < offsets[r + 1]; k++) {                                                    \
                scattered[r * FEATURES + columns[k]] = values[k];                                              \
            }                                                                                                  \
            both += (double)(scattered[r * FEATURES + 1] * scattered[r * FEATURES + 3]);                       \
        }                                                                                                      \
        /* Twice a median: 1/4 + asin(0.8) / 2 pi = 0.39758, within 5 standard deviations. */                  \
        NEAR(both, 0.39758 * ROWS, 5 * sqrt(ROWS * 0.39758 * 0.60242));                                        \
        OK(saek_sample_grouped_##type##_workspace(&lengths, &bytes, &align));                                  \
        free_workspace();                                                                                      \
        memory = new_workspace(bytes, align);                                                                  \
        /* In two calls, the same. */                                                                          \
        OK(saek_sample_grouped_##type(&firing, &groups, 1, 2, 3, dense, 100, FEATURES, FEATURES, memory, bytes)); \
        OK(saek_sample_grouped_##type(&firing, &groups, 1, 2, 103, dense + 100 * FEATURES, ROWS - 100, FEATURES, \
                                      FEATURES, memory, bytes));                                               \
        CHECK(memcmp(dense, scattered, sizeof dense) == 0);                                                    \
        /* No pairs, no arrays, no workspace. */                                                               \
        OK(saek_correlated_groups_lengths_init(&lengths));                                                     \
        OK(saek_correlated_groups_##type##_init(&groups));                                                     \
        groups.lengths = &lengths;                                                                             \
        OK(saek_correlate_groups_##type##_workspace(FEATURES, &lengths, &bytes, &align));                      \
        free_workspace();                                                                                      \
        memory = new_workspace(bytes, align);                                                                  \
        OK(saek_correlate_groups_##type(NULL, 0, certain, FEATURES, independent, FEATURES, &groups, NULL, memory, bytes)); \
        CHECK(memcmp(independent, certain, sizeof certain) == 0);                                              \
        free_workspace();                                                                                      \
    }

BOTH(GROUPED)

int main(void) {
    RUN_BOTH(grouped);
    return finish();
}
