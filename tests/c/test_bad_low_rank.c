/* The bad-input table of correlations of low rank. */
#include "refuse_groups.h"

enum { FEATURES = 5, RANK = 2, ROOM = 192 };

#define BAD_FACTOR(type, real, call)                                                                             \
    static void bad_low_rank_factor_##type(void) {                                                               \
        size_t rows = FEATURES, cols = RANK, stride = RANK + 1, count[ROOM], *capped = count;                    \
        double scale = 0.1;                                                                                      \
        real f[ROOM], *factor = f, d[ROOM], *diagonal = d;                                                       \
        GUARD(f);                                                                                                \
        GUARD(d);                                                                                                \
        GUARD(count);                                                                                            \
        ACCEPTED(call);                                                                                          \
        NOT_FINITE(scale, SCALE, call);                                                                          \
        REFUSED_WITH(scale, -0.01, OUT_OF_RANGE, SCALE, call);                                                   \
        BAD_MATRIX(factor, cols, stride, FACTOR, call);                                                          \
        REFUSED_WITH(rows, 0, EMPTY, FACTOR, call);                                                              \
        REFUSED_WITH(rows, SIZE_MAX, SIZE_OVERFLOW, FACTOR, call);                                               \
        REFUSED_WITH(cols, 0, EMPTY, FACTOR, call);                                                              \
        BAD_POINTER(diagonal, DIAGONAL, call);                                                                   \
        BAD_POINTER(capped, CAPPED, call);                                                                       \
        REFUSED_WITH(diagonal, factor, OVERLAP, DIAGONAL, call);                                                 \
        REFUSED_WITH(capped, (size_t *)factor, OVERLAP, CAPPED, call);                                           \
        RELEASE();                                                                                               \
    }

BAD_FACTOR(f32, float, saek_low_rank_factor_f32(scale, 1, 2, factor, rows, cols, stride, diagonal, capped))
BAD_FACTOR(f64, double, saek_low_rank_factor_f64(scale, 1, 2, factor, rows, cols, stride, diagonal, capped))

#define BAD_LENGTH(type)                                                                                         \
    static void bad_low_rank_plan_len_##type(void) {                                                             \
        size_t features = FEATURES, rank = RANK, answer[2], *count = answer;                                     \
        GUARD(answer);                                                                                           \
        ACCEPTED(saek_low_rank_plan_len_##type(features, rank, count));                                          \
        REFUSED_WITH(features, 0, EMPTY, FEATURES, saek_low_rank_plan_len_##type(features, rank, count));        \
        REFUSED_WITH(features, SIZE_MAX, OUT_OF_RANGE, FEATURES, saek_low_rank_plan_len_##type(features, rank, count));\
        REFUSED_WITH(rank, 0, EMPTY, RANK, saek_low_rank_plan_len_##type(features, rank, count));                \
        REFUSED_WITH(rank, SIZE_MAX, SIZE_OVERFLOW, PLAN, saek_low_rank_plan_len_##type(features, rank, count)); \
        REFUSED_WITH(rank, SIZE_MAX / 8, SIZE_OVERFLOW, PLAN, saek_low_rank_plan_len_##type(features, rank, count));\
        BAD_POINTER(count, COUNT, saek_low_rank_plan_len_##type(features, rank, count));                         \
        RELEASE();                                                                                               \
    }

BAD_LENGTH(f32)
BAD_LENGTH(f64)

#define BAD_PLAN(type, real, call)                                                                               \
    static void bad_plan_low_rank_##type(void) {                                                                 \
        size_t rows = FEATURES, cols = RANK, stride = RANK + 1, probability_count = FEATURES, plan_len, capped;  \
        real f[FEATURES * (RANK + 1)] = {0}, *factor = f, d[FEATURES], *diagonal = d, panels[ROOM], *plan = panels;\
        real p[FEATURES] = {0, 1, (real)0.5, (real)0.01, (real)0.2}, *probabilities = p;                         \
        saek_low_rank_factor_##type(0.1, 1, 2, factor, rows, cols, stride, diagonal, &capped);                   \
        saek_low_rank_plan_len_##type(rows, cols, &plan_len);                                                    \
        GUARD_CONTENTS(f);                                                                                       \
        GUARD_CONTENTS(d);                                                                                       \
        GUARD_CONTENTS(p);                                                                                       \
        GUARD(panels);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(factor, cols, stride, FACTOR, call);                                                          \
        REFUSED_WITH(rows, 0, EMPTY, FACTOR, call);                                                              \
        REFUSED_WITH(cols, 0, EMPTY, FACTOR, call);                                                              \
        NOT_FINITE(f[1], FACTOR, call);                                                                          \
        BAD_POINTER(diagonal, DIAGONAL, call);                                                                   \
        NOT_FINITE(d[2], DIAGONAL, call);                                                                        \
        REFUSED_WITH(d[2], 0, OUT_OF_RANGE, DIAGONAL, call);                                                     \
        REFUSED_WITH(d[2], -1, OUT_OF_RANGE, DIAGONAL, call);                                                    \
        REFUSED_WITH(d[2], 2, DIAGONAL_NOT_ONE, DIAGONAL, call);                                                 \
        BAD_POINTER(probabilities, PROBABILITIES, call);                                                         \
        REFUSED_WITH(probability_count, 0, EMPTY, PROBABILITIES, call);                                          \
        REFUSED_WITH(probability_count, 2, SHAPE, PROBABILITIES, call);                                          \
        REFUSED_WITH(probability_count, SIZE_MAX, SIZE_OVERFLOW, PROBABILITIES, call);                           \
        REFUSED_WITH(p[3], NAN, NOT_A_NUMBER, PROBABILITIES, call);                                              \
        OUTSIDE(p[3], 0, 1, PROBABILITIES, call);                                                                \
        BAD_POINTER(plan, PLAN, call);                                                                           \
        REFUSED_WITH(plan_len, 0, SHAPE, PLAN, call);                                                            \
        REFUSED_WITH(plan_len, plan_len - 1, SHAPE, PLAN, call);                                                 \
        REFUSED_WITH(plan_len, SIZE_MAX, SIZE_OVERFLOW, PLAN, call);                                             \
        REFUSED_WITH(plan, factor, OVERLAP, PLAN, call);                                                         \
        RELEASE();                                                                                               \
    }

BAD_PLAN(f32, float,
         saek_plan_low_rank_f32(factor, rows, cols, stride, diagonal, probabilities, probability_count, plan, plan_len))
BAD_PLAN(f64, double,
         saek_plan_low_rank_f64(factor, rows, cols, stride, diagonal, probabilities, probability_count, plan, plan_len))

BAD_QUERY_2(sample_low_rank_f32_workspace, WORKSPACE)
BAD_QUERY_2(sample_low_rank_f64_workspace, WORKSPACE)

/* A plan and magnitudes, and their faults. */
#define LAW(type, real)                                                                                          \
    size_t features = FEATURES, rank = RANK, plan_len, mean_count = 1, std_dev_count = FEATURES, capped;         \
    real f[FEATURES * RANK], d[FEATURES], p[FEATURES] = {0, 1, (real)0.5, (real)0.01, (real)0.2};                \
    real panels[ROOM], *plan = panels, m[1] = {1}, *means = m, s[FEATURES] = {0, 1, 2, 3, 0}, *std_devs = s;     \
    uint64_t first_row = 0;                                                                                      \
    size_t rows = 3;                                                                                             \
    WORKSPACE(saek_sample_low_rank_##type##_workspace(features, rank, bytes, align));                            \
    saek_low_rank_factor_##type(0.1, 1, 2, f, features, rank, rank, d, &capped);                                 \
    saek_low_rank_plan_len_##type(features, rank, &plan_len);                                                    \
    saek_plan_low_rank_##type(f, features, rank, rank, d, p, features, plan, plan_len);                          \
    GUARD_CONTENTS(m);                                                                                           \
    GUARD_CONTENTS(s)

#define BAD_LAW(call)                                                                                            \
    BAD_POINTER(plan, PLAN, call);                                                                               \
    REFUSED_WITH(plan_len, plan_len - 1, SHAPE, PLAN, call);                                                     \
    REFUSED_WITH(plan_len, 0, SHAPE, PLAN, call);                                                                \
    REFUSED_WITH(plan_len, SIZE_MAX, SIZE_OVERFLOW, PLAN, call);                                                 \
    REFUSED_WITH(features, 0, EMPTY, FEATURES, call);                                                            \
    REFUSED_WITH(features, SIZE_MAX, OUT_OF_RANGE, FEATURES, call);                                              \
    REFUSED_WITH(features, FEATURES + 64, SHAPE, PLAN, call);                                                    \
    REFUSED_WITH(rank, 0, EMPTY, RANK, call);                                                                    \
    REFUSED_WITH(rank, RANK + 1, SHAPE, PLAN, call);                                                             \
    REFUSED_WITH(rank, SIZE_MAX, SHAPE, PLAN, call);                                                             \
    BAD_POINTER(means, MEANS, call);                                                                             \
    REFUSED_WITH(mean_count, 0, EMPTY, MEANS, call);                                                             \
    REFUSED_WITH(mean_count, SIZE_MAX, SIZE_OVERFLOW, MEANS, call);                                              \
    NOT_FINITE(m[0], MEANS, call);                                                                               \
    BAD_POINTER(std_devs, STD_DEVS, call);                                                                       \
    REFUSED_WITH(std_dev_count, 0, EMPTY, STD_DEVS, call);                                                       \
    REFUSED_WITH(std_dev_count, 2, SHAPE, STD_DEVS, call);                                                       \
    NOT_FINITE(s[4], STD_DEVS, call);                                                                            \
    REFUSED_WITH(s[4], -1, OUT_OF_RANGE, STD_DEVS, call);                                                        \
    REFUSED_WITH(first_row, UINT64_MAX - 1, SIZE_OVERFLOW, FIRST_ROW, call);                                     \
    BAD_WORKSPACE(call)

#define BAD_CSR(type, real, call)                                                                                \
    static void bad_sample_low_rank_csr_##type(void) {                                                           \
        int64_t offsets[ROOM], *row_offsets = offsets;                                                           \
        uint32_t indices[ROOM], *columns = indices;                                                              \
        real numbers[ROOM], *values = numbers;                                                                   \
        size_t capacity = 3 * FEATURES;                                                                          \
        LAW(type, real);                                                                                         \
        GUARD(offsets);                                                                                          \
        GUARD(indices);                                                                                          \
        GUARD(numbers);                                                                                          \
        ACCEPTED(call);                                                                                          \
        BAD_LAW(call);                                                                                           \
        REFUSED_WITH(rows, 0, EMPTY, ROWS, call);                                                                \
        REFUSED_WITH(rows, SIZE_MAX, SIZE_OVERFLOW, ROW_OFFSETS, call);                                          \
        BAD_POINTER(row_offsets, ROW_OFFSETS, call);                                                             \
        BAD_POINTER(columns, COLUMNS, call);                                                                     \
        BAD_POINTER(values, VALUES, call);                                                                       \
        REFUSED_WITH(capacity, SIZE_MAX, SIZE_OVERFLOW, COLUMNS, call);                                          \
        REFUSED_WITH(columns, (uint32_t *)row_offsets, OVERLAP, COLUMNS, call);                                  \
        REFUSED_WITH(values, (real *)row_offsets, OVERLAP, VALUES, call);                                        \
        RELEASE();                                                                                               \
    }

BAD_CSR(f32, float,
        saek_sample_low_rank_csr_f32(plan, plan_len, features, rank, means, mean_count, std_devs, std_dev_count, 1, 2,
                                     first_row, rows, row_offsets, columns, values, capacity, workspace,
                                     workspace_bytes))
BAD_CSR(f64, double,
        saek_sample_low_rank_csr_f64(plan, plan_len, features, rank, means, mean_count, std_devs, std_dev_count, 1, 2,
                                     first_row, rows, row_offsets, columns, values, capacity, workspace,
                                     workspace_bytes))

#define BAD_DENSE(type, real, call)                                                                              \
    static void bad_sample_low_rank_##type(void) {                                                               \
        real numbers[ROOM], *activations = numbers;                                                              \
        size_t stride = FEATURES + 1;                                                                            \
        LAW(type, real);                                                                                         \
        GUARD(numbers);                                                                                          \
        ACCEPTED(call);                                                                                          \
        BAD_LAW(call);                                                                                           \
        BAD_MATRIX(activations, features, stride, ACTIVATIONS, call);                                            \
        BAD_ROWS(rows, ACTIVATIONS, call);                                                                       \
        REFUSED_WITH(activations, std_devs, OVERLAP, ACTIVATIONS, call);                                         \
        RELEASE();                                                                                               \
    }

BAD_DENSE(f32, float,
          saek_sample_low_rank_f32(plan, plan_len, features, rank, means, mean_count, std_devs, std_dev_count, 1, 2,
                                   first_row, activations, rows, stride, workspace, workspace_bytes))
BAD_DENSE(f64, double,
          saek_sample_low_rank_f64(plan, plan_len, features, rank, means, mean_count, std_devs, std_dev_count, 1, 2,
                                   first_row, activations, rows, stride, workspace, workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_low_rank_factor_f32();
    bad_low_rank_factor_f64();
    bad_low_rank_plan_len_f32();
    bad_low_rank_plan_len_f64();
    bad_plan_low_rank_f32();
    bad_plan_low_rank_f64();
    bad_sample_low_rank_f32_workspace();
    bad_sample_low_rank_f64_workspace();
    bad_sample_low_rank_csr_f32();
    bad_sample_low_rank_csr_f64();
    bad_sample_low_rank_f32();
    bad_sample_low_rank_f64();
    return finish();
}
